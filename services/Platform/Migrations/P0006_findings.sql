-- What was found in the database that this service did not write: rows of state tables, and entries of the journal.
CREATE TABLE findings (
  kind     text        NOT NULL, -- `row`, `entry`, or `unbelieved`: an entry that is not what was recorded
  subject  text        NOT NULL, -- table and id of the row; aggregate and version of the entry
  found_at timestamptz NOT NULL, -- last
  times    int         NOT NULL DEFAULT 1,
  ended_at timestamptz,          -- made anew from the journal, or no longer so
  PRIMARY KEY (kind, subject)
);

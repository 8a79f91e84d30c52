-- The right edge of the Merkle tree over what was read up to the position, so that a journal that went back or holds something else is
-- noticed even after it has grown past it again; null for the own journal.
ALTER TABLE positions ADD COLUMN frontier bytea;
-- The followed service was restored, and its journal accepted as it was then: all it recorded before was taken in from there.
-- An event from before that the broker still held may be of what was lost, and is not taken in.
ALTER TABLE positions ADD COLUMN old_until timestamptz;

-- A followed journal no longer holds what was read in it: its service was restored from an older copy.
CREATE TABLE retreats (
  source     text        NOT NULL,
  found_at   timestamptz NOT NULL,
  sealed_no  bigint      NOT NULL, -- our position then
  root       bytea,                -- of the tree over what was read
  ended_at   timestamptz,          -- accepted by an operator, or the journal holds again what was read
  PRIMARY KEY (source, found_at)
);
CREATE UNIQUE INDEX retreats_open ON retreats (source) WHERE ended_at IS NULL;

-- Which database this is. One that was restored from a dump finds here the name of another, and so knows what it is.
CREATE FUNCTION this_database() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())
$$;
CREATE TABLE provenance (
  one_row       boolean     PRIMARY KEY DEFAULT true CHECK (one_row),
  identity      text        NOT NULL, -- empty: to be taken for a copy at the next start
  restores      int         NOT NULL DEFAULT 0, -- numbers that were told to others go on beyond a gap after each
  restored_at   timestamptz, -- when it was last found to be a copy
  reconciled_at timestamptz  -- since then compared with the other services; nothing is written between
);
INSERT INTO provenance (identity) VALUES (this_database());

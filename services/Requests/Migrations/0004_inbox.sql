-- What is new for whom, from the journal in its sealed order; the journal is the record.
CREATE TABLE inbox (
  sealed_no   bigint      NOT NULL,
  addressee   text        NOT NULL, -- the state whose officers it is news to
  request_id  uuid        NOT NULL,
  version     int         NOT NULL,
  actor       text        NOT NULL, -- identity: his own doing is no news to him
  step        smallint    NOT NULL,
  status      smallint    NOT NULL,
  side        smallint    NOT NULL,
  rung        smallint    NOT NULL,
  urgency     smallint    NOT NULL,
  occurred_on date        NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (sealed_no, addressee)
);
CREATE INDEX inbox_of ON inbox (addressee, sealed_no);

-- How far an officer has seen his inbox; never goes back.
CREATE TABLE inbox_marks (
  officer   text   PRIMARY KEY, -- identity
  sealed_no bigint NOT NULL
);

-- Officers take steps: filed here, or adopted. What only a register tells of enters no inbox, and need not be read for it.
ALTER TABLE requests ADD COLUMN live boolean NOT NULL DEFAULT false;

-- What is sealed so far was imported or read, for until now there were no steps to take.
INSERT INTO positions (source, sealed_no) SELECT 'inbox', coalesce(max(sealed_no), 0) FROM seal;

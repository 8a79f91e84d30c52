-- The present state of every request; the journal is the record, this is for reading.
CREATE TABLE requests (
  id               uuid     PRIMARY KEY,
  version          int      NOT NULL,
  head_hash        bytea    NOT NULL, -- hash of the newest journal entry
  mac              bytea    NOT NULL, -- over the whole row, keyed: a row that was changed by hand is noticed
  reference        text     NOT NULL,
  case_index       text     NOT NULL, -- keyed, of the case number in its normal form; empty where nothing is left of it
  requesting_state text     NOT NULL,
  requested_state  text     NOT NULL,
  status           smallint NOT NULL,
  transmitted_on   date,
  fingerprint      bytea,             -- keyed; tells an equal row of a register from a changed one
  facts            bytea    NOT NULL, -- RequestFacts without its free texts
  particulars      bytea    NOT NULL, -- RequestParticulars as ciphertext: case number, requesting authority, who sees to it
  subjects         bytea    NOT NULL, -- SubjectsNamed: identities as ciphertext
  UNIQUE (requesting_state, reference)
);
CREATE INDEX requests_sent_by ON requests (requesting_state, transmitted_on DESC, id DESC);
CREATE INDEX requests_addressed_to ON requests (requested_state, transmitted_on DESC, id DESC);
CREATE INDEX requests_of_case ON requests (case_index);

-- What a request is beside its facts, from the draft on. Rows of an older version keep the defaults: a register has no letter.
ALTER TABLE requests
  ADD COLUMN dossier bytea NOT NULL DEFAULT '', -- RequestDossier
  ADD COLUMN letter  bytea,                     -- Letter as ciphertext, as in LetterWritten
  -- Who sees to it on either side, keyed index; null when nobody in particular.
  ADD COLUMN assigned_by_requesting text,
  ADD COLUMN assigned_by_requested  text;

-- References come from blocks, one state and year at a time; gaps are allowed, repeats are not.
CREATE TABLE reference_blocks (
  state text NOT NULL,
  year  int  NOT NULL,
  next  int  NOT NULL, -- the first number not yet given away
  PRIMARY KEY (state, year)
);

-- Cases that are kept here; the journal is the record.
CREATE TABLE cases (
  id           uuid    PRIMARY KEY,
  version      int     NOT NULL,
  head_hash    bytea   NOT NULL,
  mac          bytea   NOT NULL, -- over the whole row, keyed
  state        text    NOT NULL,
  number_index text    NOT NULL, -- keyed, of the number in its normal form
  restricted   boolean NOT NULL,
  admitted     text    NOT NULL, -- keyed index of each unit and officer, a blank between
  opened_by    text    NOT NULL, -- identity: who opened it reads no identity for it
  body         bytea   NOT NULL, -- CaseKept: number, lead, participants and officers as ciphertext
  UNIQUE (state, number_index)
);

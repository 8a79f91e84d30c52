-- What this service alone knows, and what it still has to tell.

CREATE TABLE journal (
  aggregate_id   uuid        NOT NULL,
  version        int         NOT NULL CHECK (version > 0),
  command_id     uuid        NOT NULL,
  command_digest bytea       NOT NULL, -- keyed: tells the same command from another under the same id
  entry          bytea       NOT NULL, -- canonical bytes, never re-serialised
  hash           bytea       NOT NULL, -- SHA-256 of entry
  recorded_at    timestamptz NOT NULL,
  PRIMARY KEY (aggregate_id, version)
);
CREATE UNIQUE INDEX journal_by_command ON journal (command_id);
-- So begins the comment of a table to which the serving role may add rows and no more.
COMMENT ON TABLE journal IS 'Append-only: the record.';

-- Committed and not yet sealed; written with the journal, emptied by the one sealer.
CREATE TABLE unsealed (
  seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  aggregate_id uuid  NOT NULL,
  version      int   NOT NULL,
  hash         bytea NOT NULL
);

CREATE TABLE seal (
  sealed_no    bigint PRIMARY KEY CHECK (sealed_no > 0),
  aggregate_id uuid  NOT NULL,
  version      int   NOT NULL,
  seal_hash    bytea NOT NULL
);
COMMENT ON TABLE seal IS 'Append-only: the order of the record.';

CREATE TABLE checkpoints (
  sealed_no bigint      PRIMARY KEY,
  sealed_at timestamptz NOT NULL,
  body      bytea       NOT NULL -- signed
);
COMMENT ON TABLE checkpoints IS 'Append-only: what was signed of the record.';

CREATE TABLE outbox (
  id           uuid        PRIMARY KEY, -- version 7: also the message id
  type         text        NOT NULL,
  body         bytea       NOT NULL,
  trace_parent text,
  committed_at timestamptz NOT NULL DEFAULT now(),
  leased_until timestamptz NOT NULL
);

-- Messages that could not be taken in, with the cause, for an operator to replay or discard.
CREATE TABLE parked (
  id         uuid        PRIMARY KEY,
  queue      text        NOT NULL,
  type       text        NOT NULL,
  body       bytea       NOT NULL,
  cause      text        NOT NULL,
  parked_at  timestamptz NOT NULL DEFAULT now()
);

-- How far the journal of another service was followed.
CREATE TABLE positions (
  source    text   PRIMARY KEY,
  sealed_no bigint NOT NULL
);

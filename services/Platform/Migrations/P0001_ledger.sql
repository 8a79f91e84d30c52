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

CREATE TABLE checkpoints (
  sealed_no bigint      PRIMARY KEY,
  sealed_at timestamptz NOT NULL,
  body      bytea       NOT NULL -- signed
);

-- Certificates that messages were signed with: a message goes out with its own, also after the service has a new one.
CREATE TABLE message_certificates (
  id          bytea PRIMARY KEY, -- SHA-256 of certificate
  certificate bytea NOT NULL     -- DER
);

CREATE TABLE outbox (
  id             uuid        PRIMARY KEY, -- version 7: also the message id
  type           text        NOT NULL,
  body           bytea       NOT NULL,
  trace_parent   text,
  proof          bytea       NOT NULL, -- that this service said it, see GroupProof; goes out as it stands here
  certificate_id bytea       NOT NULL, -- in message_certificates
  committed_at   timestamptz NOT NULL DEFAULT now(),
  leased_until   timestamptz NOT NULL
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

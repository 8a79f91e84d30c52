-- What this service alone knows, and what it still has to tell.

CREATE TABLE journal (
  aggregate_id   uuid        NOT NULL,
  version        int         NOT NULL CHECK (version > 0),
  command_id     uuid        NOT NULL,
  command_digest bytea       NOT NULL, -- keyed: tells the same command from another under the same id
  entry          bytea       NOT NULL, -- canonical bytes of the format 0x02, never re-serialised
  hash           bytea       NOT NULL, -- of entry, as a leaf of RFC 6962: SHA-256 of a zero byte and entry
  mac            bytea       NOT NULL, -- that this service wrote it: version of the key, HMAC-SHA-256 over aggregate_id, version and hash
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
  sealed_no    bigint PRIMARY KEY CHECK (sealed_no > 0), -- the leaf of the tree that is number sealed_no - 1
  aggregate_id uuid  NOT NULL,
  version      int   NOT NULL,
  leaf         bytea NOT NULL -- the hash of the entry as it was sealed
);

COMMENT ON TABLE seal IS 'Append-only: the order of the record.';

-- Of the Merkle tree over the leaves (RFC 6962), the complete subtrees of every eighth level.
CREATE TABLE tree (
  level smallint NOT NULL CHECK (level > 0 AND level % 8 = 0), -- the subtree stands over 2^level leaves
  index bigint   NOT NULL CHECK (index >= 0),                  -- which of its level
  hash  bytea    NOT NULL,
  PRIMARY KEY (level, index)
);
COMMENT ON TABLE tree IS 'Append-only: what proofs of the record rest on.';

CREATE TABLE checkpoints (
  size      bigint      PRIMARY KEY, -- the last number sealed
  root      bytea       NOT NULL,    -- of the tree over as many leaves
  sealed_at timestamptz NOT NULL,
  note      text        NOT NULL     -- size and root as a signed text: C2SP tlog-checkpoint in a signed-note
);
COMMENT ON TABLE checkpoints IS 'Append-only: what was signed of the record.';

-- Certificates that messages were signed with: a message goes out with its own, also after the service has a new one.
CREATE TABLE message_certificates (
  id          bytea PRIMARY KEY, -- SHA-256 of certificate
  certificate bytea NOT NULL     -- DER
);
COMMENT ON TABLE message_certificates IS 'Append-only: what messages were signed with.';

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

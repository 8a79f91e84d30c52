-- What was told of flags: raised, cleared, raised again. Numbered without gaps in the order of the commits, because a
-- watch goes on from its last number: the counter's row is taken at the end of a transaction and held until its commit, so
-- a number is visible only when all below it are. Flags follow from versions and clock; this follows from what stood here
-- when, and is not rebuilt.
-- A flag of a register nobody has adopted is not in it: an import observes and tells nobody.
CREATE TABLE flag_changes (
  change_no        bigint      PRIMARY KEY,
  request_id       uuid        NOT NULL,
  requesting_state text        NOT NULL,
  requested_state  text        NOT NULL,
  limit_kind       int         NOT NULL,
  due_on           date        NOT NULL,
  is_last          boolean     NOT NULL, -- of this flag
  event            int         NOT NULL, -- FlagEvent
  body             bytea       NOT NULL -- FlagChange
);
CREATE INDEX flag_changes_of_state ON flag_changes (requesting_state, change_no);
CREATE INDEX flag_changes_of_state_last ON flag_changes (requesting_state, change_no) WHERE is_last;
CREATE UNIQUE INDEX flag_changes_last_of_flag ON flag_changes (request_id, limit_kind, due_on) WHERE is_last;

CREATE TABLE flag_change_counter (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  last_no bigint  NOT NULL
);
INSERT INTO flag_change_counter (last_no) VALUES (0);

-- The ladder asks what stands, the list of flags what registers were observed to owe.
CREATE INDEX flags_standing ON flags (limit_kind, request_id) WHERE cleared_on IS NULL AND origin = 1;
CREATE INDEX flags_observed ON flags (raised_at, request_id, limit_kind) WHERE origin = 2;

-- Rungs of the ladder that were taken; written by the ledger only.
CREATE TABLE rungs (
  id               uuid        PRIMARY KEY,
  version          int         NOT NULL,
  head_hash        bytea       NOT NULL,
  mac              bytea       NOT NULL, -- over the whole row, keyed: a row that was changed by hand is noticed
  requesting_state text        NOT NULL,
  partner          text        NOT NULL,
  rung             int         NOT NULL, -- Rung
  taken_on         date        NOT NULL,
  recorded_at      timestamptz NOT NULL,
  requests         text        NOT NULL, -- uuids with commas between: the ledger's unnest would flatten an array
  body             bytea       NOT NULL, -- TakenRung without the letter
  encrypted_letter bytea       NOT NULL -- see RungLetters; empty where the letter was lost
);
CREATE INDEX rungs_of_requesting_state ON rungs (requesting_state, recorded_at, id);
CREATE INDEX rungs_of_partner ON rungs (partner, recorded_at, id);

-- Two prosecutors may confirm the same letter at once, through two replicas: the key lets one of them through.
CREATE TABLE rungs_of_requests (
  request_id uuid NOT NULL,
  rung       int  NOT NULL,
  taken_on   date NOT NULL,
  PRIMARY KEY (request_id, rung)
);
-- Rungs that the journal of Requests does not hold yet for a request: they are told again until it does.
CREATE TABLE unrecorded_rungs (
  rung       uuid        NOT NULL,
  request_id uuid        NOT NULL,
  next_at    timestamptz NOT NULL, -- when it is told again
  tries      int         NOT NULL DEFAULT 0,
  PRIMARY KEY (rung, request_id)
);
CREATE FUNCTION take_rung_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rungs_of_requests (request_id, rung, taken_on)
  SELECT id, NEW.rung, NEW.taken_on FROM unnest(string_to_array(NEW.requests, ',')::uuid[]) AS r(id) ORDER BY id;
  INSERT INTO unrecorded_rungs (rung, request_id, next_at)
  SELECT NEW.id, id, NEW.recorded_at + interval '1 minute' FROM unnest(string_to_array(NEW.requests, ',')::uuid[]) AS r(id);
  RETURN NULL;
END $$;
CREATE TRIGGER take_rung_once AFTER INSERT ON rungs FOR EACH ROW EXECUTE FUNCTION take_rung_once();

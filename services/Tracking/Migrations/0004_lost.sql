-- Versions that Requests no longer held after it was restored from an older copy and an operator accepted its journal as it
-- stood. They are in no figure; they are evidence of what has to be entered again.
CREATE TABLE lost_facts (
  request_id       uuid        NOT NULL,
  version          int         NOT NULL,
  recorded_at      timestamptz NOT NULL,
  requesting_state text        NOT NULL,
  requested_state  text        NOT NULL,
  transmitted_on   date,
  body             bytea       NOT NULL, -- RequestFacts
  set_aside_at     timestamptz NOT NULL,
  PRIMARY KEY (request_id, version, set_aside_at)
);

-- Versions that the journal of Requests did not hold when a rebuild compared. They are in no figure; they are evidence: of what has to
-- be entered again, where Requests was restored from an older copy and an operator accepted its journal as it stood; of a forgery or a
-- fault, where it was not.
CREATE TABLE lost_facts (
  request_id       uuid        NOT NULL,
  version          int         NOT NULL,
  recorded_at      timestamptz NOT NULL,
  requesting_state text        NOT NULL,
  requested_state  text        NOT NULL,
  transmitted_on   date,
  told_version     int         NOT NULL DEFAULT 0,
  body             bytea       NOT NULL, -- RequestFacts
  set_aside_at     timestamptz NOT NULL,
  lost             boolean     NOT NULL, -- Requests held it once, so its reference was given
  PRIMARY KEY (request_id, version, set_aside_at)
);

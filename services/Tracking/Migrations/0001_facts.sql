-- What Requests told of each request, as of its newest version known here.
CREATE TABLE facts (
  request_id       uuid        PRIMARY KEY,
  version          int         NOT NULL CHECK (version > 0),
  recorded_at      timestamptz NOT NULL,
  requesting_state text        NOT NULL,
  requested_state  text        NOT NULL,
  transmitted_on   date, -- null while a draft
  told_version     int         NOT NULL DEFAULT 0, -- the version as which the requested state sees it; 0 where it was given nothing
  body             bytea       NOT NULL, -- RequestFacts
  next_flag_at     timestamptz -- the next instant at which a time limit passes unanswered
);
CREATE INDEX facts_by_requesting_state ON facts (requesting_state, transmitted_on);
CREATE INDEX facts_by_requested_state ON facts (requested_state, transmitted_on);
CREATE INDEX facts_due_to_be_flagged ON facts (next_flag_at) WHERE next_flag_at IS NOT NULL;

-- Every version: what was known at an earlier instant, and what was flagged then.
CREATE TABLE facts_versions (
  request_id       uuid        NOT NULL,
  version          int         NOT NULL CHECK (version > 0),
  recorded_at      timestamptz NOT NULL,
  requesting_state text        NOT NULL,
  requested_state  text        NOT NULL,
  transmitted_on   date,
  told_version     int         NOT NULL DEFAULT 0,
  body             bytea       NOT NULL,
  PRIMARY KEY (request_id, version)
);

-- A time limit passed without an answer. Follows from the versions and the clock alone, so that a rebuild gives the same.
CREATE TABLE flags (
  request_id uuid        NOT NULL,
  limit_kind int         NOT NULL, -- LimitKind
  due_on     date        NOT NULL,
  raised_at  timestamptz NOT NULL, -- 00:00 after the due day in the requesting state's zone
  origin     int         NOT NULL, -- Origin: imported ones accuse nobody until an officer adopts the request
  cleared_on date, -- the day of the answer, withdrawal or return
  PRIMARY KEY (request_id, limit_kind, due_on)
);

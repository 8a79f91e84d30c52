-- Which side knows of a request and so sees it: its own, and the requested one once an officer gave it the request on the exchange
-- (RequestFacts.given). Of a row of a register only the side that keeps the register (RequestFacts.register_of).
ALTER TABLE requests
  ADD COLUMN known_to_requesting boolean NOT NULL DEFAULT true,
  ADD COLUMN known_to_requested  boolean NOT NULL DEFAULT false,
  -- By what lists find and order it for the requested side: as it stands, or once it is reached by post, as it was last told of it here.
  ADD COLUMN told_status         smallint NOT NULL DEFAULT 0,
  ADD COLUMN told_transmitted_on date,
  ADD COLUMN told_case_index     text    NOT NULL DEFAULT '',
  -- The kept case it belongs to; null where none was kept under its number, and then the number decides. RequestDossier.case.
  ADD COLUMN case_id             uuid,
  -- It names a case that was closed to its author, and is no part of it. RequestDossier.outside_case.
  ADD COLUMN outside_case        boolean NOT NULL DEFAULT false;
-- Until when a second officer must confirm what one transmitted alone; null where none must. RequestDossier.confirm_by.
ALTER TABLE requests ADD COLUMN confirm_by timestamptz;
CREATE INDEX requests_to_confirm ON requests (confirm_by) WHERE confirm_by IS NOT NULL;
CREATE INDEX requests_of_told_case ON requests (told_case_index);
CREATE INDEX requests_of_kept_case ON requests (case_id) WHERE case_id IS NOT NULL;

-- Who read the identities of a request's subjects; the journal is the record.
CREATE TABLE readings (
  id         uuid        PRIMARY KEY, -- the aggregate reads/{uuid}
  version    int         NOT NULL,
  head_hash  bytea       NOT NULL,
  mac        bytea       NOT NULL, -- over the whole row, keyed: a row that was changed by hand is noticed
  request_id uuid        NOT NULL,
  state      text        NOT NULL, -- the reader's
  read_at    timestamptz NOT NULL
);
CREATE INDEX readings_of_request ON readings (request_id, read_at, id);

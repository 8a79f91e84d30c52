-- Documents on their way in, and those that came. What stands in the dossier of a request is in the request.
CREATE TABLE uploads (
  id          uuid        PRIMARY KEY, -- of the upload and of the document, a keyed hash of the client's command id
  request_id  uuid        NOT NULL,
  record      bytea       NOT NULL,    -- DocumentRecord as announced: the title as ciphertext
  size        bigint      NOT NULL,
  received    bigint      NOT NULL DEFAULT 0 CHECK (received <= size), -- bytes that are safe in document_pieces
  attempt     int         NOT NULL DEFAULT 1, -- counts up when what arrived was thrown away
  verified    boolean     NOT NULL DEFAULT false, -- size and hash agreed; from then on it is kept as it is
  touched_at  timestamptz NOT NULL     -- when the last piece came
);
CREATE INDEX uploads_left ON uploads (touched_at) WHERE NOT verified;

CREATE TABLE document_pieces (
  document_id uuid   NOT NULL REFERENCES uploads ON DELETE CASCADE,
  first_byte  bigint NOT NULL,
  content     bytea  NOT NULL, -- ciphertext under the key of the request, bound to document and first byte
  PRIMARY KEY (document_id, first_byte)
);
-- Ciphertext does not compress; to try would only cost.
ALTER TABLE document_pieces ALTER COLUMN content SET STORAGE EXTERNAL;

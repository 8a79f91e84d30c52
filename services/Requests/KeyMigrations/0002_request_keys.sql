-- Keys of requests: their letters, what officers wrote, their documents. Of the same nature as those of subjects.
CREATE TABLE request_keys (
  request_id uuid        PRIMARY KEY,
  wrapped    bytea       NOT NULL, -- AES-256-GCM under the service key: nonce, key, tag; the request's id as additional data
  created_at timestamptz NOT NULL DEFAULT now()
);

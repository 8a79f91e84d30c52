-- Keys of requests: their letters, what is known of them in words, their documents; and of cases. Of the same nature as those of subjects.
CREATE TABLE request_keys (
  request_id uuid        PRIMARY KEY,
  wrapped    bytea       NOT NULL, -- AES-256-GCM under the service key: nonce, key, tag; the request's id as additional data
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Keys of the service for hashes and codes, each for one purpose; beside the other keys, apart from the database where there is one.
CREATE TABLE keyring (
  name       text COLLATE "C" PRIMARY KEY, -- purpose and version, such as `state row/1`
  wrapped    bytea            NOT NULL,    -- AES-256-GCM under the service key: nonce, key, tag; the name as additional data
  created_at timestamptz      NOT NULL DEFAULT now()
);

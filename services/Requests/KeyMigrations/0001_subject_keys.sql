-- Keys of subjects, in a database of their own: outside the dumps of the others, with backups kept at most seven days,
-- so that a destroyed key stays destroyed.
CREATE TABLE subject_keys (
  subject_id uuid        PRIMARY KEY,
  wrapped    bytea       NOT NULL, -- AES-256-GCM under the service key: nonce, key, tag; the subject's id as additional data
  created_at timestamptz NOT NULL DEFAULT now()
);

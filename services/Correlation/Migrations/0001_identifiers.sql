-- What is derived from Requests and can be dropped and rebuilt from its journal. No identifier and no case number stands here, only keyed hashes.

-- The version of each request whose subjects the rows of `identifiers` were made from.
CREATE TABLE indexed (
  request_id uuid PRIMARY KEY,
  version    int  NOT NULL
);

CREATE TABLE identifiers (
  request_id       uuid             NOT NULL REFERENCES indexed,
  subject_id       uuid             NOT NULL,
  requesting_state text COLLATE "C" NOT NULL,
  case_hash        bytea            NOT NULL, -- HMAC-SHA256 of state and case number in its normal form: which requests are of one case
  kind             smallint         NOT NULL,
  key_version      smallint         NOT NULL,
  hash             bytea            NOT NULL, -- HMAC-SHA256 of state, kind and the normalised value
  PRIMARY KEY (request_id, subject_id, kind, hash)
);
CREATE INDEX identifiers_by_value ON identifiers (requesting_state, kind, key_version, hash, case_hash);
CREATE INDEX identifiers_by_case ON identifiers (requesting_state, case_hash);

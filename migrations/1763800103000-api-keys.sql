-- API keys of organisations. Only a hash is kept; the key itself is shown once.

CREATE TABLE people.api_key (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  organisation_id uuid NOT NULL CONSTRAINT api_key_organisation REFERENCES people.organisation (id),
  name text NOT NULL CONSTRAINT api_key_name_length CHECK (length(name) BETWEEN 1 AND 100),
  slot integer NOT NULL CONSTRAINT api_key_slot_one_or_two CHECK (slot IN (1, 2)),
  prefix text NOT NULL CONSTRAINT api_key_prefix_form CHECK (prefix ~ '^ppk_[A-Za-z0-9_-]{6}$'),
  hash bytea NOT NULL CONSTRAINT api_key_hash_is_sha256 CHECK (octet_length(hash) = 32),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT api_key_hash_once UNIQUE (hash)
);
CREATE UNIQUE INDEX api_key_two_live ON people.api_key (organisation_id, name, slot) WHERE revoked_at IS NULL;
CREATE INDEX api_key_organisation ON people.api_key (organisation_id, id);
COMMENT ON TABLE people.api_key IS 'Keys with which sites read public data at a higher rate. Two may live at once under one name, so that a site can change over.';
COMMENT ON COLUMN people.api_key.id IS 'Identifier.';
COMMENT ON COLUMN people.api_key.created_at IS 'When the record was made.';
COMMENT ON COLUMN people.api_key.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN people.api_key.version IS 'Rises by one with every change; its use is no change.';
COMMENT ON COLUMN people.api_key.organisation_id IS 'The organisation that answers for its use.';
COMMENT ON COLUMN people.api_key.name IS 'What it is for, such as the name of the site.';
COMMENT ON COLUMN people.api_key.slot IS 'First or second live key of its name; two at most live at once because each slot is taken once.';
COMMENT ON COLUMN people.api_key.prefix IS 'The first ten characters, to tell keys apart.';
COMMENT ON COLUMN people.api_key.hash IS 'SHA-256 of the key, which has 256 random bits.';
COMMENT ON COLUMN people.api_key.last_used_at IS 'When it was last used, to the minute.';
COMMENT ON COLUMN people.api_key.expires_at IS 'When it stops; null where it does not.';
COMMENT ON COLUMN people.api_key.revoked_at IS 'When it was revoked, or when its expiry was noted; null while it lives.';

-- Answers to requests that carried an Idempotency-Key, so that a retry gets the same answer and no second effect.

CREATE TABLE kernel.idempotency (
  owner text NOT NULL CONSTRAINT idempotency_owner_length CHECK (length(owner) BETWEEN 1 AND 100),
  key text NOT NULL CONSTRAINT idempotency_key_length CHECK (length(key) BETWEEN 1 AND 255),
  request_hash bytea NOT NULL,
  status integer NOT NULL CONSTRAINT idempotency_status CHECK (status BETWEEN 200 AND 299),
  location text,
  answer text,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_made_at ON kernel.idempotency (made_at);
COMMENT ON TABLE kernel.idempotency IS 'Stored answers by caller and Idempotency-Key, kept for 24 hours. A row commits with the effect of its request.';
COMMENT ON COLUMN kernel.idempotency.owner IS 'Who sent the key: an account or an API key; a caller without either is told apart by a hash of the address it called from.';
COMMENT ON COLUMN kernel.idempotency.key IS 'The Idempotency-Key header.';
COMMENT ON COLUMN kernel.idempotency.request_hash IS 'SHA-256 over method, address and body: another request under the same key is refused.';
COMMENT ON COLUMN kernel.idempotency.status IS 'HTTP status of the answer.';
COMMENT ON COLUMN kernel.idempotency.location IS 'Address of the record that was made.';
COMMENT ON COLUMN kernel.idempotency.answer IS 'The answer''s JSON text; null where it would hold a secret or personal data, and then the record is read anew at its address.';
COMMENT ON COLUMN kernel.idempotency.made_at IS 'When it was stored.';

-- The hash of a request is made with a key now: a body of few choices could otherwise be found out by trying them all.
COMMENT ON COLUMN kernel.idempotency.request_hash IS 'HMAC-SHA256 over method, address and body, with a key that is not in the database: another request under the same key is refused.';

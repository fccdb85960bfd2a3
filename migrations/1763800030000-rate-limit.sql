-- Calls counted over all replicas. Unlogged: after a crash of the server everybody starts a new window, which costs nothing.

CREATE UNLOGGED TABLE kernel.rate_limit (
  key text PRIMARY KEY CONSTRAINT rate_limit_key_length CHECK (length(key) BETWEEN 1 AND 100),
  hits integer NOT NULL CONSTRAINT rate_limit_hits_positive CHECK (hits > 0),
  ends_at timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX rate_limit_ends_at ON kernel.rate_limit (ends_at);
COMMENT ON TABLE kernel.rate_limit IS 'How often each caller called in the present window. Rows whose window has ended are swept.';
COMMENT ON COLUMN kernel.rate_limit.key IS 'Kind of count and a hash of the caller: an account, an API key or a network address.';
COMMENT ON COLUMN kernel.rate_limit.hits IS 'Calls in the window, refused ones included where each call is counted here.';
COMMENT ON COLUMN kernel.rate_limit.ends_at IS 'When the window ends; the first call after it begins a new one.';

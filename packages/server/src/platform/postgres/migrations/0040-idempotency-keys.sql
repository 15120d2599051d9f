-- Requests that sent an Idempotency-Key. The id is a hash of project, caller, operation and key. The response is encrypted, and
-- null while the request runs; `owner` then names its claim.
CREATE TABLE idempotency_keys (
  id text PRIMARY KEY,
  project_id text NOT NULL,
  fingerprint text NOT NULL,
  owner text NOT NULL,
  status integer,
  response text,
  expires_at timestamptz NOT NULL
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

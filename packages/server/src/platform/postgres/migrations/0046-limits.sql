-- Limits on requests, tokens, cost and concurrency. What is used of them is in the journal of the data folder.
CREATE TABLE limits (
  id text PRIMARY KEY,
  project_id text NOT NULL,
  name text NOT NULL,
  measure text NOT NULL,
  window_unit text,
  amount double precision NOT NULL,
  burst double precision,
  scope text NOT NULL,
  value text,
  time_zone text NOT NULL,
  action text NOT NULL,
  unknown_price text NOT NULL,
  default_price double precision,
  warn_at jsonb NOT NULL,
  exempt jsonb NOT NULL,
  is_enabled boolean NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (project_id, name)
);
-- Who may create keys may also limit them.
UPDATE api_keys SET permissions = permissions || ARRAY['limits:read', 'limits:write'] WHERE 'keys:write' = ANY (permissions);

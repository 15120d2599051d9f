CREATE TABLE users (
  id text PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz
);
CREATE UNIQUE INDEX users_email ON users (lower(email));

CREATE TABLE projects (
  id text PRIMARY KEY,
  name text NOT NULL,
  is_sample boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL
);

CREATE TABLE members (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, user_id)
);
CREATE INDEX members_user ON members (user_id);

CREATE TABLE sessions (
  token_hash text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE sign_in_tokens (
  token_hash text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  key_hash text NOT NULL UNIQUE,
  hint text NOT NULL,
  permissions text[] NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz
);
CREATE INDEX api_keys_project ON api_keys (project_id, created_at DESC);

CREATE TABLE audit_entries (
  id text PRIMARY KEY,
  project_id text NOT NULL,
  created_at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  details jsonb NOT NULL
);
CREATE INDEX audit_entries_project ON audit_entries (project_id, created_at DESC, id DESC);

CREATE TABLE local_models (
  id text PRIMARY KEY,
  label text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('chat', 'embedding')),
  file_name text NOT NULL,
  sha256 text NOT NULL,
  size_bytes bigint NOT NULL,
  license text NOT NULL,
  parameters bigint,
  context_tokens integer,
  source text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE model_prices (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  provider text NOT NULL,
  model text NOT NULL,
  input_usd_per_million double precision NOT NULL,
  output_usd_per_million double precision NOT NULL,
  cached_input_usd_per_million double precision,
  cache_write_usd_per_million double precision,
  reasoning_usd_per_million double precision,
  UNIQUE (project_id, provider, model)
);

CREATE TABLE connections (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  slug text NOT NULL,
  name text NOT NULL,
  preset text NOT NULL,
  provider text NOT NULL,
  base_url text NOT NULL,
  models text[] NOT NULL,
  region text,
  api_version text,
  access_key_id text,
  headers jsonb NOT NULL,
  timeouts jsonb NOT NULL,
  max_retries integer NOT NULL,
  cache_ttl_seconds integer NOT NULL,
  is_enabled boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (project_id, slug)
);

CREATE TABLE connection_keys (
  id text PRIMARY KEY,
  connection_id text NOT NULL REFERENCES connections ON DELETE CASCADE,
  sealed_value text NOT NULL,
  hint text NOT NULL,
  weight integer NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX connection_keys_connection ON connection_keys (connection_id);

CREATE TABLE endpoints (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  targets jsonb NOT NULL,
  fallbacks text[] NOT NULL,
  cache_ttl_seconds integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (project_id, name)
);

CREATE TABLE cached_answers (
  key_hash text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  answer jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX cached_answers_expiry ON cached_answers (expires_at);

-- The semantic cache of an endpoint: its settings, what it measured, its answers, and which calls used them.
ALTER TABLE endpoints ADD COLUMN semantic_cache jsonb;
UPDATE endpoint_versions SET content = content || '{"semanticCache": null}'::jsonb;
CREATE TABLE semantic_caches (
  endpoint_id text PRIMARY KEY REFERENCES endpoints ON DELETE CASCADE,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  config_hash text NOT NULL,
  state text NOT NULL,
  reason text,
  hits integer NOT NULL,
  checks integer NOT NULL,
  false_hits integer NOT NULL,
  started_at timestamptz NOT NULL
);
CREATE TABLE semantic_cache_entries (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  endpoint_id text NOT NULL REFERENCES endpoints ON DELETE CASCADE,
  namespace text NOT NULL,
  question_hash text NOT NULL,
  question text NOT NULL,
  language text NOT NULL,
  vector real[] NOT NULL,
  answer jsonb NOT NULL,
  trace_id text NOT NULL,
  span_id text NOT NULL,
  response_id text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  UNIQUE (namespace, question_hash)
);
CREATE INDEX semantic_cache_entries_expiry ON semantic_cache_entries (expires_at);
CREATE INDEX semantic_cache_entries_trace ON semantic_cache_entries (project_id, trace_id);
CREATE INDEX semantic_cache_entries_response ON semantic_cache_entries (project_id, response_id);
CREATE INDEX semantic_cache_entries_endpoint ON semantic_cache_entries (endpoint_id, created_at);
CREATE TABLE semantic_cache_uses (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  trace_id text NOT NULL,
  span_id text NOT NULL,
  endpoint_id text NOT NULL REFERENCES endpoints ON DELETE CASCADE,
  entry_id text NOT NULL,
  source_trace_id text NOT NULL,
  kind text NOT NULL,
  similarity double precision NOT NULL,
  is_false boolean,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, trace_id, span_id)
);
CREATE INDEX semantic_cache_uses_endpoint ON semantic_cache_uses (endpoint_id, created_at);
CREATE INDEX semantic_cache_uses_age ON semantic_cache_uses (created_at);

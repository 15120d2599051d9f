CREATE TABLE forwarders (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  url text NOT NULL,
  header_names text[] NOT NULL,
  sealed_headers text NOT NULL,
  filter text NOT NULL,
  includes_content boolean NOT NULL,
  is_enabled boolean NOT NULL,
  after_ms bigint NOT NULL,
  after_trace_id text NOT NULL,
  after_span_id text NOT NULL,
  sent_spans bigint NOT NULL,
  refused_spans bigint NOT NULL,
  last_sent_at timestamptz,
  last_error text NOT NULL,
  failures integer NOT NULL,
  next_try_at timestamptz,
  leased_until timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX forwarders_project ON forwarders (project_id, created_at, id);

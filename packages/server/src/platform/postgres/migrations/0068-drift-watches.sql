-- Drift of the texts of an endpoint: watches, frozen references, one run for each day, and investigations of confirmed changes.
CREATE TABLE drift_watches (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  endpoint text NOT NULL,
  filter text NOT NULL,
  side text NOT NULL,
  sample_size integer NOT NULL,
  tenant_key text NOT NULL,
  labels jsonb NOT NULL,
  is_enabled boolean NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX drift_watches_newest ON drift_watches (project_id, created_at, id);
CREATE TABLE drift_references (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  watch_id text NOT NULL REFERENCES drift_watches ON DELETE CASCADE,
  version integer NOT NULL,
  source jsonb NOT NULL,
  texts integer,
  items jsonb,
  model jsonb,
  vector_size integer,
  vectors text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT drift_references_version UNIQUE (watch_id, version)
);
CREATE TABLE drift_runs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  watch_id text NOT NULL REFERENCES drift_watches ON DELETE CASCADE,
  day text NOT NULL,
  reference_version integer NOT NULL,
  job_id text NOT NULL,
  verdict text,
  result jsonb,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  CONSTRAINT drift_runs_day UNIQUE (watch_id, day)
);
CREATE TABLE drift_vectors (
  watch_id text PRIMARY KEY REFERENCES drift_watches ON DELETE CASCADE,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  keys jsonb NOT NULL,
  vector_size integer NOT NULL,
  vectors text NOT NULL
);
CREATE TABLE drift_investigations (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  watch_id text NOT NULL REFERENCES drift_watches ON DELETE CASCADE,
  state text NOT NULL,
  title text NOT NULL,
  first_day text NOT NULL,
  last_day text NOT NULL,
  signals jsonb NOT NULL,
  summary jsonb NOT NULL,
  explanations jsonb NOT NULL,
  note text NOT NULL,
  owner text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  closed_at timestamptz
);
CREATE INDEX drift_investigations_newest ON drift_investigations (project_id, created_at, id);

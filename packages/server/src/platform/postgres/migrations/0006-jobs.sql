CREATE TABLE jobs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  kind text NOT NULL,
  title text NOT NULL,
  subject text,
  key text,
  payload json NOT NULL,
  state json,
  status text NOT NULL,
  progress json NOT NULL,
  result json,
  error json,
  failures integer NOT NULL,
  interruptions integer NOT NULL,
  revision integer NOT NULL,
  every_seconds integer,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  run_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  cancelled_at timestamptz,
  owner text,
  leased_until timestamptz
);
CREATE INDEX jobs_project ON jobs (project_id, id);
CREATE INDEX jobs_subject ON jobs (project_id, subject, id) WHERE subject IS NOT NULL;
CREATE INDEX jobs_changes ON jobs (project_id, updated_at);
CREATE INDEX jobs_queued ON jobs (kind, run_at) WHERE status = 'queued';
CREATE INDEX jobs_running ON jobs (owner) WHERE status = 'running';
CREATE INDEX jobs_ended ON jobs (ended_at) WHERE ended_at IS NOT NULL;
CREATE UNIQUE INDEX jobs_key ON jobs (project_id, kind, key) WHERE status IN ('queued', 'running');

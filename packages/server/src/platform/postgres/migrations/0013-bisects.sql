CREATE TABLE eval_bisects (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
  good_run_id text NOT NULL,
  bad_run_id text NOT NULL,
  scorer text NOT NULL,
  input jsonb NOT NULL,
  steps jsonb NOT NULL,
  states jsonb NOT NULL,
  probes jsonb NOT NULL,
  findings jsonb NOT NULL,
  total jsonb,
  status text NOT NULL,
  outcome text,
  message text NOT NULL,
  spent jsonb NOT NULL,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX eval_bisects_list ON eval_bisects (project_id, created_at, id);

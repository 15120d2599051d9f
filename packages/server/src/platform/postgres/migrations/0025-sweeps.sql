-- Searches over the settings of training. A search has few trials, so they lie in its row.
CREATE TABLE sweeps (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  input jsonb NOT NULL,
  trials jsonb NOT NULL,
  status text NOT NULL,
  message text NOT NULL,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX sweeps_list ON sweeps (project_id, created_at, id);

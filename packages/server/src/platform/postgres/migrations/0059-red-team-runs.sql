-- Red team runs: generated attacks that an endpoint or a model answers under several guards, as an experiment.

CREATE TABLE red_team_runs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  input jsonb NOT NULL,
  state text NOT NULL,
  error text,
  attacks integer NOT NULL,
  harmless integer NOT NULL,
  -- Of the model that rewrites attacks. The experiment has its own.
  attacker_spent jsonb NOT NULL,
  warnings jsonb NOT NULL,
  dataset_id text NOT NULL,
  experiment_id text,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX red_team_runs_newest ON red_team_runs (project_id, created_at, id);

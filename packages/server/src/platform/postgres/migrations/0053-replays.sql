-- Replays: recorded traffic that candidates answer again, as an experiment.

-- For an answer of a replay: the calls of tools, and how many decisions are the same as in the recording.
ALTER TABLE eval_results ADD COLUMN replayed jsonb;

CREATE TABLE replays (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  input jsonb NOT NULL,
  state text NOT NULL,
  error text,
  dataset_id text NOT NULL,
  dataset_version text,
  baseline_run_id text,
  experiment_id text,
  recorded jsonb,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX replays_newest ON replays (project_id, created_at, id);

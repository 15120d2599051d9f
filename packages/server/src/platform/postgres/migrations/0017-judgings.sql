CREATE TABLE eval_judgings (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
  dataset_id text,
  heads jsonb NOT NULL,
  input jsonb NOT NULL,
  judge jsonb NOT NULL,
  items integer,
  left_out integer,
  result jsonb,
  warnings jsonb NOT NULL,
  status text NOT NULL,
  stopped text,
  error text,
  spent jsonb NOT NULL,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX eval_judgings_list ON eval_judgings (project_id, created_at, id);

CREATE TABLE eval_verdicts (
  judging_id text NOT NULL REFERENCES eval_judgings(id) ON DELETE CASCADE,
  item_id text NOT NULL,
  base_run_id text NOT NULL,
  head_run_id text NOT NULL,
  project_id text NOT NULL,
  state text NOT NULL,
  winner text,
  base_first text,
  head_first text,
  is_same boolean NOT NULL,
  is_cached boolean NOT NULL,
  reason text NOT NULL,
  calls json NOT NULL,
  pair_hash text NOT NULL,
  is_turned boolean NOT NULL,
  cost_usd double precision,
  PRIMARY KEY (judging_id, item_id, base_run_id, head_run_id)
);
CREATE INDEX eval_verdicts_reuse ON eval_verdicts (project_id, pair_hash);

ALTER TABLE eval_runs ADD COLUMN scoring jsonb;

CREATE TABLE experiments (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  dataset_id text NOT NULL,
  root text NOT NULL,
  input jsonb NOT NULL,
  baseline text,
  suite text,
  tags jsonb NOT NULL,
  item_set_id text,
  items integer,
  status text NOT NULL,
  stopped text,
  error text,
  spent jsonb NOT NULL,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX experiments_list ON experiments (project_id, created_at, id);

-- The items as an experiment or an uploaded run saw them. Experiments over the same choice of items share a set.
CREATE TABLE eval_item_sets (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  items integer,
  created_at timestamptz NOT NULL
);
CREATE TABLE eval_items (
  item_set_id text NOT NULL REFERENCES eval_item_sets ON DELETE CASCADE,
  item_id text NOT NULL,
  position integer NOT NULL,
  draw integer NOT NULL,
  inputs json NOT NULL,
  expected json,
  metadata jsonb NOT NULL,
  split text,
  PRIMARY KEY (item_set_id, item_id)
);
CREATE INDEX eval_items_draw ON eval_items (item_set_id, draw);

CREATE TABLE eval_runs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  experiment_id text REFERENCES experiments ON DELETE CASCADE,
  ordinal integer NOT NULL,
  name text NOT NULL,
  origin text NOT NULL,
  dataset_id text,
  root text,
  item_set_id text,
  variant jsonb,
  scorer_refs jsonb NOT NULL,
  scorers jsonb NOT NULL,
  repeats integer NOT NULL,
  suite text,
  source jsonb NOT NULL,
  branch text,
  tags jsonb NOT NULL,
  status text NOT NULL,
  planned integer,
  totals jsonb NOT NULL,
  scores jsonb NOT NULL,
  gate text,
  job_id text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX eval_runs_list ON eval_runs (project_id, created_at, id);
CREATE INDEX eval_runs_experiment ON eval_runs (experiment_id, ordinal);
CREATE INDEX eval_runs_suite ON eval_runs (project_id, suite, branch);
CREATE INDEX eval_runs_items ON eval_runs (item_set_id);

CREATE TABLE eval_results (
  run_id text NOT NULL REFERENCES eval_runs ON DELETE CASCADE,
  item_id text NOT NULL,
  repeat integer NOT NULL,
  project_id text NOT NULL,
  state text NOT NULL,
  output text NOT NULL,
  message json,
  error_code text,
  error_message text,
  trace_id text,
  span_id text,
  latency_ms double precision,
  cost_usd double precision,
  input_tokens integer,
  output_tokens integer,
  is_cached boolean NOT NULL,
  request_hash text,
  PRIMARY KEY (run_id, item_id, repeat)
);
CREATE INDEX eval_results_reuse ON eval_results (project_id, request_hash) WHERE request_hash IS NOT NULL;

CREATE TABLE eval_scores (
  run_id text NOT NULL REFERENCES eval_runs ON DELETE CASCADE,
  scorer text NOT NULL,
  item_id text NOT NULL,
  repeat integer NOT NULL,
  state text NOT NULL,
  value double precision,
  label text,
  reason text NOT NULL,
  details json,
  stats json,
  cost_usd double precision,
  PRIMARY KEY (run_id, item_id, repeat, scorer)
);

CREATE TABLE eval_quarantine (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  suite text NOT NULL,
  item_id text NOT NULL,
  reason text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, suite, item_id)
);

-- Runs that train a model in a process of their own. `cursor` is how far its file of events was read, in bytes.
CREATE TABLE training_runs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  status text NOT NULL,
  message text NOT NULL,
  -- What was asked of it: run, stop, pause or cancel.
  wanted text NOT NULL,
  config jsonb NOT NULL,
  base_hash text,
  data jsonb,
  progress jsonb NOT NULL,
  stop_reason text,
  error jsonb,
  warnings jsonb NOT NULL,
  attempt integer NOT NULL,
  cursor bigint NOT NULL,
  last_seq integer NOT NULL,
  artifacts jsonb NOT NULL,
  model jsonb,
  metadata jsonb NOT NULL,
  -- What OpenAI's API gives back as it was asked; null for a run that did not come from there.
  wire jsonb,
  request_id text,
  job_id text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  queued_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz
);
CREATE INDEX training_runs_list ON training_runs (project_id, created_at, id);
CREATE INDEX training_runs_status ON training_runs (status, queued_at);
CREATE UNIQUE INDEX training_runs_request ON training_runs (project_id, request_id);

CREATE TABLE training_events (
  run_id text NOT NULL REFERENCES training_runs ON DELETE CASCADE,
  seq integer NOT NULL,
  type text NOT NULL,
  data jsonb NOT NULL,
  PRIMARY KEY (run_id, seq)
);
CREATE INDEX training_events_type ON training_events (run_id, type, seq);

CREATE TABLE training_checkpoints (
  run_id text NOT NULL REFERENCES training_runs ON DELETE CASCADE,
  step integer NOT NULL,
  -- Below the folder of the run.
  path text NOT NULL,
  files jsonb NOT NULL,
  eval_loss double precision,
  is_best boolean NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (run_id, step)
);

-- Files that were uploaded to be trained on, as OpenAI's API takes them. The object holds them compressed.
CREATE TABLE training_files (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  purpose text NOT NULL,
  object text NOT NULL,
  sha256 text NOT NULL,
  size_bytes bigint NOT NULL,
  rows integer NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX training_files_list ON training_files (project_id, created_at, id);

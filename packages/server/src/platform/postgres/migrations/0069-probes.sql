-- Watches of hosted models for silent changes.
CREATE TABLE probes (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  settings jsonb NOT NULL,
  is_enabled boolean NOT NULL,
  state text NOT NULL,
  stage text NOT NULL,
  rank integer NOT NULL,
  epoch integer NOT NULL,
  prompts jsonb NOT NULL,
  detectors jsonb NOT NULL,
  suspicion jsonb,
  notices jsonb NOT NULL,
  last_error text NOT NULL,
  days_without integer NOT NULL,
  incident_id text,
  set_up_usd double precision NOT NULL,
  estimated_usd double precision,
  last_run_at timestamptz,
  next_run_at timestamptz,
  reference_since timestamptz NOT NULL,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX probes_ranked ON probes (project_id, rank, created_at, id);
CREATE TABLE probe_runs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  probe_id text NOT NULL REFERENCES probes ON DELETE CASCADE,
  epoch integer NOT NULL,
  kind text NOT NULL,
  slot integer NOT NULL,
  state text NOT NULL,
  is_reference boolean NOT NULL,
  calls integer NOT NULL,
  failures integer NOT NULL,
  answers integer NOT NULL,
  cost_usd double precision NOT NULL,
  count_factor double precision,
  logprob_factor double precision,
  evidence double precision,
  factors jsonb NOT NULL,
  message text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX probe_runs_newest ON probe_runs (probe_id, started_at, id);
CREATE TABLE probe_answers (
  run_id text NOT NULL REFERENCES probe_runs ON DELETE CASCADE,
  prompt_id text NOT NULL,
  repeat integer NOT NULL,
  answer text NOT NULL,
  logprobs jsonb,
  cost_usd double precision,
  answered_at timestamptz NOT NULL,
  PRIMARY KEY (run_id, prompt_id, repeat)
);

-- Evaluation runs of a live rule on fresh samples, on a schedule.
CREATE TABLE live_schedules (
  rule_id text PRIMARY KEY REFERENCES live_rules ON DELETE CASCADE,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  is_enabled boolean NOT NULL,
  every text NOT NULL,
  hour integer NOT NULL,
  weekday integer NOT NULL,
  sample_size integer NOT NULL,
  traces text NOT NULL,
  -- Periods that end later are evaluated.
  starts_at timestamptz NOT NULL,
  last_error text NOT NULL,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX live_schedules_project ON live_schedules (project_id);

-- A period has one row, and so at most one run.
CREATE TABLE live_periods (
  rule_id text NOT NULL REFERENCES live_rules ON DELETE CASCADE,
  ends_at timestamptz NOT NULL,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  starts_at timestamptz NOT NULL,
  state text NOT NULL,
  run_id text NOT NULL,
  matching integer NOT NULL,
  traces integer NOT NULL,
  error text NOT NULL,
  -- The part of the run's cost that the rule's daily budget has counted. The cost is null when something had no price.
  counted_usd double precision,
  counted_tokens bigint NOT NULL,
  is_counted boolean NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (rule_id, ends_at)
);
CREATE INDEX live_periods_open ON live_periods (project_id) WHERE NOT is_counted;

ALTER TABLE eval_runs ADD COLUMN rule_id text;
CREATE INDEX eval_runs_rule ON eval_runs (rule_id, created_at);

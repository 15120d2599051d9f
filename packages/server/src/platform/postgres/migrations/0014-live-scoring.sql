CREATE TABLE live_rules (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  filter text NOT NULL,
  target text NOT NULL,
  sampling_rate double precision NOT NULL,
  scorers jsonb NOT NULL,
  score_names jsonb NOT NULL,
  budget jsonb NOT NULL,
  is_enabled boolean NOT NULL,
  place_ms bigint NOT NULL,
  place_trace_id text NOT NULL,
  place_span_id text NOT NULL,
  scored bigint NOT NULL,
  undefined_scores bigint NOT NULL,
  failed bigint NOT NULL,
  skipped bigint NOT NULL,
  spent_day text NOT NULL,
  spent_usd double precision,
  spent_tokens bigint NOT NULL,
  last_scored_at timestamptz,
  last_error text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX live_rules_name ON live_rules (project_id, name);

CREATE TABLE live_scores (
  rule_id text NOT NULL REFERENCES live_rules ON DELETE CASCADE,
  trace_id text NOT NULL,
  span_id text NOT NULL,
  name text NOT NULL,
  made_by text NOT NULL,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  state text NOT NULL,
  value double precision,
  label text,
  reason text NOT NULL,
  cost_usd double precision,
  tokens integer NOT NULL,
  scored_at timestamptz NOT NULL,
  -- The insert that brings it to the spans; null once it is there.
  batch_id text,
  PRIMARY KEY (rule_id, trace_id, span_id, name, made_by)
);
CREATE INDEX live_scores_newest ON live_scores (rule_id, scored_at, trace_id, span_id, name, made_by);
CREATE INDEX live_scores_waiting ON live_scores (project_id, batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX live_scores_age ON live_scores (project_id, scored_at);

-- Rollouts: a candidate variant of an endpoint gets traffic in stages. The endpoint's own column holds the share.
CREATE TABLE rollouts (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  endpoint_id text NOT NULL,
  endpoint text NOT NULL,
  plan jsonb NOT NULL,
  state text NOT NULL,
  stage integer,
  share double precision NOT NULL,
  reason text,
  message text NOT NULL,
  last_error text NOT NULL,
  budgets jsonb NOT NULL,
  finished jsonb NOT NULL,
  evidence jsonb,
  warned jsonb NOT NULL,
  revision integer NOT NULL,
  observed_ms bigint NOT NULL,
  started_at timestamptz,
  stage_started_at timestamptz,
  evaluated_at timestamptz,
  deadline timestamptz,
  ended_at timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX rollouts_newest ON rollouts (project_id, created_at, id);
CREATE TABLE rollout_events (
  id text PRIMARY KEY,
  rollout_id text NOT NULL REFERENCES rollouts ON DELETE CASCADE,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  stage integer,
  share double precision NOT NULL,
  reason text,
  message text NOT NULL,
  evidence jsonb,
  actor text NOT NULL
);
CREATE INDEX rollout_events_newest ON rollout_events (rollout_id, at, id);
CREATE TABLE rollout_points (
  rollout_id text NOT NULL REFERENCES rollouts ON DELETE CASCADE,
  at timestamptz NOT NULL,
  stage integer NOT NULL,
  share double precision NOT NULL,
  units jsonb NOT NULL,
  metrics jsonb NOT NULL,
  PRIMARY KEY (rollout_id, at)
);

-- Shadows: a sample of an endpoint's requests is repeated with a candidate variant, and the answers are compared in pairs.
CREATE TABLE shadows (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  endpoint_id text NOT NULL,
  endpoint text NOT NULL,
  plan jsonb NOT NULL,
  state text NOT NULL,
  reason text,
  message text NOT NULL,
  counts jsonb NOT NULL,
  cost_usd double precision NOT NULL,
  day jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX shadows_newest ON shadows (project_id, created_at, id);
CREATE UNIQUE INDEX shadows_open ON shadows (endpoint_id) WHERE state <> 'ended';
CREATE TABLE shadow_pairs (
  id text PRIMARY KEY,
  shadow_id text NOT NULL REFERENCES shadows ON DELETE CASCADE,
  request_id text NOT NULL,
  at timestamptz NOT NULL,
  input jsonb NOT NULL,
  is_redacted boolean NOT NULL,
  primary_answer jsonb NOT NULL,
  candidate_answer jsonb NOT NULL,
  matches jsonb NOT NULL,
  differs boolean NOT NULL
);
CREATE INDEX shadow_pairs_newest ON shadow_pairs (shadow_id, at, id);

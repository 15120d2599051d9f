-- Deployments: an alias of a registered model moves after a rollout on each endpoint that uses it.
CREATE TABLE deployment_settings (
  project_id text PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
  rollout_on_alias text NOT NULL,
  template jsonb NOT NULL
);
CREATE TABLE deployments (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  model text NOT NULL,
  alias text NOT NULL,
  from_version integer,
  to_version integer NOT NULL,
  state text NOT NULL,
  message text NOT NULL,
  reason text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX deployments_newest ON deployments (project_id, created_at, id);
CREATE UNIQUE INDEX deployments_running ON deployments (project_id, model, alias) WHERE state = 'running';
CREATE TABLE deployment_rollouts (
  rollout_id text PRIMARY KEY REFERENCES rollouts ON DELETE CASCADE,
  deployment_id text NOT NULL REFERENCES deployments ON DELETE CASCADE,
  endpoint_id text NOT NULL,
  endpoint text NOT NULL,
  control text NOT NULL,
  candidate text NOT NULL,
  ref text NOT NULL
);
CREATE INDEX deployment_rollouts_of ON deployment_rollouts (deployment_id);

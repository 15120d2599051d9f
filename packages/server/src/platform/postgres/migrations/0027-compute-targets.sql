-- Clusters that training runs can be sent to. A token is sealed, and bound to the host that it was given for.
CREATE TABLE compute_targets (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  url text NOT NULL,
  folder jsonb,
  settings jsonb NOT NULL,
  sealed_token text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (project_id, name)
);

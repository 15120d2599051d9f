-- Sets that every trained model is measured on beside its base.
CREATE TABLE required_evaluations (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  input jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX required_evaluations_project ON required_evaluations (project_id, created_at);

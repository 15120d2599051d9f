-- What is removed from a project's traces before they are stored. A project without a row stores them as they were sent.
CREATE TABLE privacy_settings (
  project_id text PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
  settings jsonb NOT NULL,
  sealed_key text NOT NULL,
  version integer NOT NULL,
  updated_at timestamptz NOT NULL
);

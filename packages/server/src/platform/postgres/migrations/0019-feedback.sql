CREATE TABLE score_configs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  type text NOT NULL,
  description text NOT NULL,
  min double precision,
  max double precision,
  categories jsonb NOT NULL,
  is_higher_better boolean,
  is_archived boolean NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX score_configs_name ON score_configs (project_id, name);

CREATE TABLE feedback_settings (
  project_id text PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
  is_strict boolean NOT NULL,
  default_consent boolean NOT NULL
);

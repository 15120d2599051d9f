CREATE TABLE scorers (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  kind text NOT NULL,
  latest_version integer NOT NULL,
  is_archived boolean NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX scorers_name ON scorers (project_id, name);

CREATE TABLE scorer_versions (
  scorer_id text NOT NULL REFERENCES scorers ON DELETE CASCADE,
  version integer NOT NULL,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  params jsonb NOT NULL,
  signature text NOT NULL,
  prompt_hash text,
  message text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (scorer_id, version)
);
CREATE INDEX scorer_versions_project ON scorer_versions (project_id);

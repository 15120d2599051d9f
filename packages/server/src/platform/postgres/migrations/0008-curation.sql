CREATE TABLE dataset_reports (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  dataset_id text NOT NULL REFERENCES datasets ON DELETE CASCADE,
  version text NOT NULL,
  root text NOT NULL,
  rows bigint NOT NULL,
  report jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX dataset_reports_dataset ON dataset_reports (project_id, dataset_id, created_at, id);

CREATE TABLE contamination_flags (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  dataset_id text NOT NULL REFERENCES datasets ON DELETE CASCADE,
  evaluation_dataset_id text NOT NULL REFERENCES datasets ON DELETE CASCADE,
  version integer,
  rows bigint NOT NULL,
  contaminated bigint NOT NULL,
  samples jsonb NOT NULL,
  checked_at timestamptz NOT NULL,
  PRIMARY KEY (dataset_id, evaluation_dataset_id)
);

CREATE TABLE dataset_maps (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  dataset_id text NOT NULL REFERENCES datasets ON DELETE CASCADE,
  version text NOT NULL,
  root text NOT NULL,
  of text NOT NULL,
  method text NOT NULL,
  rows bigint NOT NULL,
  total_rows bigint NOT NULL,
  drawing jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX dataset_maps_dataset ON dataset_maps (project_id, dataset_id, created_at, id);

CREATE TABLE synthesis_items (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  dataset_id text NOT NULL REFERENCES datasets ON DELETE CASCADE,
  job_id text NOT NULL,
  ordinal integer NOT NULL,
  item jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (job_id, ordinal)
);
CREATE INDEX synthesis_items_age ON synthesis_items (created_at);

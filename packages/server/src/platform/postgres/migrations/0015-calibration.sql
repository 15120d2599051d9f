CREATE TABLE anchor_sets (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  scorer_id text NOT NULL REFERENCES scorers ON DELETE CASCADE,
  dataset_id text NOT NULL,
  output_path text NOT NULL,
  label_path text NOT NULL,
  pass_at double precision,
  every_days integer,
  is_enabled boolean NOT NULL,
  -- Of the last check that was sent, so that one that failed is not sent over and over.
  checked_signature text NOT NULL,
  checked_at timestamptz,
  job_id text,
  last_error text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX anchor_sets_name ON anchor_sets (project_id, name);
CREATE INDEX anchor_sets_scorer ON anchor_sets (scorer_id);

CREATE TABLE calibrations (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  scorer_id text NOT NULL,
  scorer_name text NOT NULL,
  version integer NOT NULL,
  signature text NOT NULL,
  anchor_id text REFERENCES anchor_sets ON DELETE CASCADE,
  source jsonb NOT NULL,
  pass_at double precision,
  -- Null while its pairs are being made.
  report jsonb,
  alarm jsonb,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX calibrations_list ON calibrations (project_id, created_at, id);
CREATE INDEX calibrations_scorer ON calibrations (project_id, scorer_id, created_at);
CREATE INDEX calibrations_signature ON calibrations (project_id, signature, created_at);
CREATE INDEX calibrations_anchor ON calibrations (anchor_id, created_at);

CREATE TABLE calibration_pairs (
  calibration_id text NOT NULL REFERENCES calibrations ON DELETE CASCADE,
  key text NOT NULL,
  trace_id text,
  span_id text,
  human text NOT NULL,
  judge text NOT NULL,
  human_value double precision,
  judge_value double precision,
  -- Null when one side said nothing that can be compared.
  distance double precision,
  reason text NOT NULL,
  facets jsonb NOT NULL,
  PRIMARY KEY (calibration_id, key)
);
CREATE INDEX calibration_pairs_distance ON calibration_pairs (calibration_id, distance, key);

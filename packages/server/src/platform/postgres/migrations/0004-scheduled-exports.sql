CREATE TABLE scheduled_exports (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  every text NOT NULL,
  filter text NOT NULL,
  includes_content boolean NOT NULL,
  keep_files integer NOT NULL,
  is_enabled boolean NOT NULL,
  next_from timestamptz NOT NULL,
  last_error text NOT NULL,
  failures integer NOT NULL,
  next_try_at timestamptz,
  leased_until timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX scheduled_exports_project ON scheduled_exports (project_id, created_at, id);

CREATE TABLE export_files (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  scheduled_export_id text NOT NULL REFERENCES scheduled_exports ON DELETE CASCADE,
  from_time timestamptz NOT NULL,
  to_time timestamptz NOT NULL,
  rows integer NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX export_files_export ON export_files (scheduled_export_id, from_time, id);
CREATE INDEX export_files_content ON export_files (sha256);

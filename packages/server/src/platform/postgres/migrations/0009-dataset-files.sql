-- Files that were sent to be imported or written by an export; their bytes lie in the object store, in parts.
CREATE TABLE dataset_files (
  id text PRIMARY KEY,
  project_id text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  is_ready boolean NOT NULL,
  format text,
  is_gzip boolean NOT NULL,
  size_bytes bigint NOT NULL,
  rows bigint,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX dataset_files_expiry ON dataset_files (expires_at);

CREATE TABLE dataset_file_parts (
  file_id text NOT NULL,
  part integer NOT NULL,
  object text NOT NULL,
  size_bytes integer NOT NULL,
  PRIMARY KEY (file_id, part)
);

CREATE TABLE dataset_imports (
  id text PRIMARY KEY,
  project_id text NOT NULL,
  dataset_id text NOT NULL,
  job_id text NOT NULL,
  branch text NOT NULL,
  file_id text NOT NULL,
  file_name text NOT NULL,
  file_bytes bigint NOT NULL,
  reading jsonb NOT NULL,
  mode text NOT NULL,
  keep_good_rows boolean NOT NULL,
  state text NOT NULL,
  rows_read bigint NOT NULL,
  rows_added bigint NOT NULL,
  error_count bigint NOT NULL,
  errors jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX dataset_imports_dataset ON dataset_imports (dataset_id, created_at DESC, id DESC);

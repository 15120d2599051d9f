-- Models that a project keeps, with versions whose files never change. A file lies in the objects under its SHA-256.
CREATE TABLE registry_models (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  tags jsonb NOT NULL,
  keep_versions integer,
  -- The number of the newest version there ever was: a number is never given twice.
  last_version integer NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (project_id, name)
);

CREATE TABLE registry_versions (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  model_id text NOT NULL REFERENCES registry_models ON DELETE CASCADE,
  number integer NOT NULL,
  format text NOT NULL,
  formats jsonb NOT NULL,
  stage text NOT NULL,
  facts jsonb NOT NULL,
  base_ref text,
  base_hash text,
  base_version_id text REFERENCES registry_versions,
  data jsonb NOT NULL,
  run_id text,
  method text NOT NULL,
  source text NOT NULL,
  size_bytes bigint NOT NULL,
  file_count integer NOT NULL,
  sha256 text NOT NULL,
  -- Of the GGUF file that is served.
  gguf_sha256 text,
  tags jsonb NOT NULL,
  notes text NOT NULL,
  limits text NOT NULL,
  license text,
  evaluation jsonb,
  findings jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (model_id, number)
);
CREATE UNIQUE INDEX registry_versions_run ON registry_versions (project_id, run_id) WHERE run_id IS NOT NULL;
CREATE INDEX registry_versions_base ON registry_versions (base_version_id);

CREATE TABLE registry_files (
  version_id text NOT NULL REFERENCES registry_versions ON DELETE CASCADE,
  path text NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 text NOT NULL,
  PRIMARY KEY (version_id, path)
);
CREATE INDEX registry_files_content ON registry_files (sha256);

CREATE TABLE registry_aliases (
  model_id text NOT NULL REFERENCES registry_models ON DELETE CASCADE,
  alias text NOT NULL,
  version_id text NOT NULL REFERENCES registry_versions,
  number integer NOT NULL,
  moved_by text NOT NULL,
  moved_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, alias)
);

CREATE TABLE registry_alias_moves (
  id text PRIMARY KEY,
  model_id text NOT NULL REFERENCES registry_models ON DELETE CASCADE,
  alias text NOT NULL,
  from_number integer,
  to_number integer,
  moved_by text NOT NULL,
  moved_at timestamptz NOT NULL,
  reason text NOT NULL
);
CREATE INDEX registry_alias_moves_list ON registry_alias_moves (model_id, moved_at, id);

CREATE TABLE registry_stage_requests (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  version_id text NOT NULL REFERENCES registry_versions ON DELETE CASCADE,
  name text NOT NULL,
  number integer NOT NULL,
  stage text NOT NULL,
  state text NOT NULL,
  note text NOT NULL,
  proposed_by text NOT NULL,
  proposed_at timestamptz NOT NULL,
  decided_by text,
  decided_at timestamptz,
  decision_note text NOT NULL
);
CREATE INDEX registry_stage_requests_list ON registry_stage_requests (project_id, proposed_at, id);
CREATE UNIQUE INDEX registry_stage_requests_pending ON registry_stage_requests (version_id) WHERE state = 'pending';

CREATE TABLE registry_settings (
  project_id text PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
  needs_approval boolean NOT NULL
);

CREATE TABLE registry_uploads (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  files jsonb NOT NULL,
  created_by text NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE registry_upload_parts (
  upload_id text NOT NULL REFERENCES registry_uploads ON DELETE CASCADE,
  file integer NOT NULL,
  part integer NOT NULL,
  size_bytes integer NOT NULL,
  sha256 text NOT NULL,
  PRIMARY KEY (upload_id, file, part)
);

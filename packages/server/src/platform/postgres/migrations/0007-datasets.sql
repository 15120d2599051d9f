CREATE TABLE datasets (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  is_evaluation boolean NOT NULL,
  schema jsonb NOT NULL,
  secret text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX datasets_name ON datasets (project_id, name);

CREATE TABLE dataset_branches (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  dataset_id text NOT NULL REFERENCES datasets ON DELETE CASCADE,
  name text NOT NULL,
  head integer,
  base integer,
  revision integer NOT NULL,
  applied integer NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (dataset_id, name)
);

CREATE TABLE dataset_draft_steps (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  dataset_id text NOT NULL,
  branch text NOT NULL,
  ordinal integer NOT NULL,
  kind text NOT NULL,
  summary text NOT NULL,
  counts jsonb NOT NULL,
  recipe jsonb,
  manifest_sha text NOT NULL,
  root text NOT NULL,
  rows bigint NOT NULL,
  author text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (dataset_id, branch, ordinal),
  FOREIGN KEY (dataset_id, branch) REFERENCES dataset_branches ON DELETE CASCADE
);

CREATE TABLE dataset_versions (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  dataset_id text NOT NULL REFERENCES datasets ON DELETE CASCADE,
  number integer NOT NULL,
  root text NOT NULL,
  manifest_sha text NOT NULL,
  rows bigint NOT NULL,
  branch text NOT NULL,
  parent integer,
  merged_from integer,
  message text NOT NULL,
  author text NOT NULL,
  created_at timestamptz NOT NULL,
  stats jsonb NOT NULL,
  steps jsonb NOT NULL,
  PRIMARY KEY (dataset_id, number)
);
CREATE INDEX dataset_versions_root ON dataset_versions (dataset_id, root);

CREATE TABLE dataset_tags (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  dataset_id text NOT NULL,
  name text NOT NULL,
  number integer NOT NULL,
  PRIMARY KEY (dataset_id, name),
  FOREIGN KEY (dataset_id, number) REFERENCES dataset_versions ON DELETE CASCADE
);

CREATE TABLE dataset_reviews (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  dataset_id text NOT NULL,
  branch text NOT NULL,
  number integer NOT NULL,
  verdict text NOT NULL,
  comment text NOT NULL,
  reviewer text NOT NULL,
  created_at timestamptz NOT NULL,
  FOREIGN KEY (dataset_id, branch) REFERENCES dataset_branches ON DELETE CASCADE
);
CREATE INDEX dataset_reviews_branch ON dataset_reviews (dataset_id, branch, created_at);

CREATE TABLE dataset_chunks (
  project_id text NOT NULL,
  object text NOT NULL,
  rows integer NOT NULL,
  bytes bigint NOT NULL,
  stats jsonb NOT NULL,
  indexed_at timestamptz,
  touched_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, object)
);
CREATE INDEX dataset_chunks_object ON dataset_chunks (object);
CREATE INDEX dataset_chunks_touched ON dataset_chunks (touched_at);

CREATE TABLE dataset_manifests (
  project_id text NOT NULL,
  sha text NOT NULL,
  touched_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, sha)
);
CREATE INDEX dataset_manifests_touched ON dataset_manifests (touched_at);

CREATE TABLE dataset_live_links (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  dataset_id text NOT NULL,
  branch text NOT NULL,
  filter text NOT NULL,
  mapping jsonb NOT NULL,
  share double precision NOT NULL,
  is_enabled boolean NOT NULL,
  items_added integer NOT NULL,
  last_error text NOT NULL,
  place_ms bigint NOT NULL,
  place_trace_id text NOT NULL,
  place_span_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  FOREIGN KEY (dataset_id, branch) REFERENCES dataset_branches ON DELETE CASCADE
);
CREATE INDEX dataset_live_links_dataset ON dataset_live_links (dataset_id, created_at, id);

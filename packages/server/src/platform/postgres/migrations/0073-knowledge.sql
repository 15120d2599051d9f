-- Knowledge bases: documents, and immutable index versions of them.
CREATE TABLE knowledge_bases (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  indexing jsonb NOT NULL,
  searching jsonb NOT NULL,
  goes_live boolean NOT NULL,
  live_version integer,
  -- Counts the changes of who may find what.
  access_revision integer NOT NULL,
  -- Counts the finished index jobs.
  builds integer NOT NULL,
  job_id text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (project_id, name)
);
CREATE INDEX knowledge_bases_newest ON knowledge_bases (project_id, created_at, id);
CREATE TABLE knowledge_sources (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  base_id text NOT NULL REFERENCES knowledge_bases ON DELETE CASCADE,
  kind text NOT NULL,
  name text NOT NULL,
  settings jsonb NOT NULL,
  secret text,
  principals text[] NOT NULL,
  every_seconds integer,
  is_enabled boolean NOT NULL,
  last_sync jsonb,
  job_id text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (base_id, name)
);
CREATE TABLE knowledge_documents (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  base_id text NOT NULL REFERENCES knowledge_bases ON DELETE CASCADE,
  source_id text NOT NULL REFERENCES knowledge_sources ON DELETE CASCADE,
  key text NOT NULL,
  title text NOT NULL,
  own_title text,
  media_type text NOT NULL,
  etag text NOT NULL,
  size_bytes bigint NOT NULL,
  content_hash text NOT NULL,
  content_object text NOT NULL,
  state text NOT NULL,
  error text,
  parsed_object text,
  facts jsonb,
  chunks integer,
  principals text[] NOT NULL,
  metadata jsonb NOT NULL,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX knowledge_documents_key ON knowledge_documents (source_id, key) WHERE deleted_at IS NULL;
CREATE INDEX knowledge_documents_newest ON knowledge_documents (base_id, created_at, id);
CREATE TABLE knowledge_segments (
  document_id text NOT NULL REFERENCES knowledge_documents ON DELETE CASCADE,
  options_hash text NOT NULL,
  input_hash text NOT NULL,
  project_id text NOT NULL,
  base_id text NOT NULL,
  object text NOT NULL,
  content_hash text NOT NULL,
  embedder_hash text NOT NULL,
  parsed_object text NOT NULL,
  chunks integer NOT NULL,
  size_bytes bigint NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (document_id, options_hash, input_hash)
);
CREATE TABLE knowledge_versions (
  base_id text NOT NULL REFERENCES knowledge_bases ON DELETE CASCADE,
  version integer NOT NULL,
  project_id text NOT NULL,
  state text NOT NULL,
  content_hash text NOT NULL,
  manifest_object text NOT NULL,
  indexing jsonb NOT NULL,
  embedder jsonb NOT NULL,
  counts jsonb NOT NULL,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (base_id, version)
);

CREATE TABLE prompts (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  type text NOT NULL,
  description text NOT NULL,
  tags text[] NOT NULL,
  protected_labels text[] NOT NULL,
  latest_version integer NOT NULL,
  is_archived boolean NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX prompts_name ON prompts (project_id, name);

CREATE TABLE prompt_versions (
  prompt_id text NOT NULL REFERENCES prompts ON DELETE CASCADE,
  version integer NOT NULL,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  -- Not jsonb, which would put the fields of schemas and tools into another order.
  content json NOT NULL,
  content_hash text NOT NULL,
  message text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (prompt_id, version)
);
CREATE INDEX prompt_versions_project ON prompt_versions (project_id);

CREATE TABLE prompt_labels (
  prompt_id text NOT NULL,
  label text NOT NULL,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  version integer NOT NULL,
  moved_by text NOT NULL,
  moved_at timestamptz NOT NULL,
  PRIMARY KEY (prompt_id, label),
  FOREIGN KEY (prompt_id, version) REFERENCES prompt_versions ON DELETE CASCADE
);
CREATE INDEX prompt_labels_project ON prompt_labels (project_id, label);

CREATE TABLE prompt_label_changes (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  prompt_id text NOT NULL REFERENCES prompts ON DELETE CASCADE,
  place integer NOT NULL,
  label text NOT NULL,
  from_version integer,
  to_version integer,
  kind text NOT NULL,
  message text NOT NULL,
  moved_by text NOT NULL,
  moved_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX prompt_label_changes_place ON prompt_label_changes (prompt_id, place);

CREATE TABLE prompt_includes (
  prompt_id text NOT NULL,
  version integer NOT NULL,
  included_name text NOT NULL,
  reference text NOT NULL,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  PRIMARY KEY (prompt_id, version, included_name, reference),
  FOREIGN KEY (prompt_id, version) REFERENCES prompt_versions ON DELETE CASCADE
);
CREATE INDEX prompt_includes_name ON prompt_includes (project_id, included_name);

CREATE TABLE prompt_comments (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  prompt_id text NOT NULL REFERENCES prompts ON DELETE CASCADE,
  version integer,
  text text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  edited_at timestamptz
);
CREATE INDEX prompt_comments_prompt ON prompt_comments (prompt_id, created_at, id);

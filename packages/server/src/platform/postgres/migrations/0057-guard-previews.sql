-- What the rules of guards would have done to stored calls, and what people say about findings.
CREATE TABLE guard_previews (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  policy_id text,
  version integer,
  plan jsonb NOT NULL,
  result jsonb,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX guard_previews_newest ON guard_previews (project_id, created_at, id);
CREATE INDEX guard_previews_expired ON guard_previews (expires_at);
CREATE TABLE guard_labels (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  trace_id text NOT NULL,
  span_id text NOT NULL,
  detector text NOT NULL,
  kind text NOT NULL,
  path text NOT NULL,
  start_at integer NOT NULL,
  end_at integer NOT NULL,
  is_right boolean NOT NULL,
  actor text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (project_id, trace_id, span_id, detector, kind, path, start_at, end_at, actor)
);
CREATE INDEX guard_labels_newest ON guard_labels (project_id, updated_at, id);

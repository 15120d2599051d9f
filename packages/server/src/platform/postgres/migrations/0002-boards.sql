CREATE TABLE dashboards (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  charts jsonb NOT NULL,
  version integer NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX dashboards_project ON dashboards (project_id, name, id);

CREATE TABLE saved_views (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  page text NOT NULL,
  filter text NOT NULL,
  columns text[] NOT NULL,
  order_by text NOT NULL,
  settings jsonb NOT NULL,
  is_shared boolean NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX saved_views_project ON saved_views (project_id, page, name, id);

CREATE TABLE comments (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  trace_id text NOT NULL,
  span_id text NOT NULL,
  text text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  edited_at timestamptz
);
CREATE INDEX comments_trace ON comments (project_id, trace_id, created_at, id);

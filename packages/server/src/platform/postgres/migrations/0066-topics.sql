-- Topics of traces: groups of similar inputs, found in runs and stable over them.
CREATE TABLE topic_projects (
  project_id text PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
  settings jsonb NOT NULL,
  scheduled_on text NOT NULL
);
CREATE TABLE topic_runs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  job_id text NOT NULL,
  status text NOT NULL,
  error text NOT NULL,
  plan jsonb NOT NULL,
  counts jsonb NOT NULL,
  started_by text NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX topic_runs_newest ON topic_runs (project_id, created_at, id);
CREATE TABLE topics (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  label text NOT NULL,
  label_source text NOT NULL,
  first_seen_at timestamptz NOT NULL
);
CREATE INDEX topics_project ON topics (project_id);
CREATE TABLE topic_results (
  run_id text NOT NULL REFERENCES topic_runs ON DELETE CASCADE,
  topic_id text NOT NULL,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  parent_id text,
  traces integer NOT NULL,
  facts jsonb NOT NULL,
  center real[] NOT NULL,
  radius double precision NOT NULL,
  PRIMARY KEY (run_id, topic_id)
);
CREATE TABLE topic_members (
  run_id text NOT NULL REFERENCES topic_runs ON DELETE CASCADE,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  trace_id text NOT NULL,
  topic_id text NOT NULL,
  parent_id text,
  at timestamptz NOT NULL,
  similarity real NOT NULL,
  PRIMARY KEY (run_id, trace_id)
);
CREATE INDEX topic_members_topic ON topic_members (run_id, topic_id, similarity, trace_id);

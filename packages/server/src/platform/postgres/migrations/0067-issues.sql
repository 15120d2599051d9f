-- Failures grouped by their cause. Counts belong to fingerprints, so that a merge or a split moves them.
CREATE TABLE issue_projects (
  project_id text PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
  settings jsonb NOT NULL,
  revision bigint NOT NULL,
  place_ms bigint NOT NULL,
  place_trace_id text NOT NULL,
  place_span_id text NOT NULL,
  score_place jsonb NOT NULL,
  feedback_place jsonb NOT NULL
);
CREATE TABLE issues (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  title text NOT NULL,
  has_own_title boolean NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  resolution jsonb,
  resolved_at timestamptz,
  regressions integer NOT NULL,
  is_announced boolean NOT NULL,
  assignee_id text,
  links jsonb NOT NULL,
  merged_into text,
  occurrences bigint NOT NULL,
  users integer NOT NULL,
  sessions integer NOT NULL,
  fingerprint_count integer NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL
);
CREATE INDEX issues_last_seen ON issues (project_id, last_seen_at, id);
CREATE TABLE issue_fingerprints (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  fingerprint text NOT NULL,
  issue_id text NOT NULL,
  group_key text NOT NULL,
  kind text NOT NULL,
  error_type text NOT NULL,
  status_code text NOT NULL,
  tool_name text NOT NULL,
  finish_reason text NOT NULL,
  rule text NOT NULL,
  message text NOT NULL,
  vector real[],
  occurrences bigint NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, fingerprint)
);
CREATE INDEX issue_fingerprints_issue ON issue_fingerprints (project_id, issue_id);
CREATE INDEX issue_fingerprints_group ON issue_fingerprints (project_id, group_key);
CREATE TABLE issue_hours (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  fingerprint text NOT NULL,
  hour timestamptz NOT NULL,
  occurrences integer NOT NULL,
  PRIMARY KEY (project_id, fingerprint, hour)
);
CREATE TABLE issue_values (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  fingerprint text NOT NULL,
  kind text NOT NULL,
  value text NOT NULL,
  occurrences bigint NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, fingerprint, kind, value)
);
CREATE TABLE issue_occurrences (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  fingerprint text NOT NULL,
  occurrence_key text NOT NULL,
  trace_id text NOT NULL,
  span_id text NOT NULL,
  at timestamptz NOT NULL,
  release text NOT NULL,
  PRIMARY KEY (project_id, fingerprint, occurrence_key)
);
CREATE INDEX issue_occurrences_newest ON issue_occurrences (project_id, fingerprint, at, occurrence_key);
CREATE TABLE issue_activities (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  issue_id text NOT NULL,
  action text NOT NULL,
  actor text NOT NULL,
  at timestamptz NOT NULL,
  from_text text NOT NULL,
  to_text text NOT NULL,
  fingerprints jsonb NOT NULL,
  other_issue_id text,
  is_undone boolean NOT NULL
);
CREATE INDEX issue_activities_newest ON issue_activities (project_id, issue_id, at, id);

-- Monitors: conditions over spans and SQL, the memory of their series, and each change of a state.
CREATE TABLE monitors (
  id text PRIMARY KEY,
  project_id text NOT NULL,
  name text NOT NULL,
  config jsonb NOT NULL,
  is_enabled boolean NOT NULL,
  muted_until timestamptz,
  revision integer NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX monitors_project ON monitors (project_id, created_at, id);
CREATE TABLE monitor_states (
  monitor_id text PRIMARY KEY REFERENCES monitors ON DELETE CASCADE,
  project_id text NOT NULL,
  revision integer NOT NULL,
  window_end timestamptz,
  series jsonb NOT NULL,
  last_error text NOT NULL,
  evaluated_at timestamptz,
  expected_false_alarms double precision,
  estimated_at timestamptz
);
CREATE TABLE monitor_transitions (
  id text PRIMARY KEY,
  project_id text NOT NULL,
  monitor_id text NOT NULL REFERENCES monitors ON DELETE CASCADE,
  series text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  severity text,
  at timestamptz NOT NULL,
  point jsonb NOT NULL,
  incident_id text,
  is_open boolean NOT NULL,
  message text NOT NULL
);
CREATE INDEX monitor_transitions_newest ON monitor_transitions (monitor_id, at, id);

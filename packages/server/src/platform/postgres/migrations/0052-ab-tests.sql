-- A/B tests: a fixed split of an endpoint's traffic. The endpoint's own column holds the arms while the test runs.
ALTER TABLE endpoints ADD COLUMN ab_test jsonb;
CREATE TABLE ab_tests (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  endpoint_id text NOT NULL,
  endpoint text NOT NULL,
  plan jsonb NOT NULL,
  state text NOT NULL,
  winner text,
  budgets jsonb NOT NULL,
  report jsonb,
  started_at timestamptz,
  ended_at timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX ab_tests_newest ON ab_tests (project_id, created_at, id);
CREATE TABLE ab_test_events (
  id text PRIMARY KEY,
  ab_test_id text NOT NULL REFERENCES ab_tests ON DELETE CASCADE,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  message text NOT NULL,
  report jsonb,
  actor text NOT NULL
);
CREATE INDEX ab_test_events_newest ON ab_test_events (ab_test_id, at, id);

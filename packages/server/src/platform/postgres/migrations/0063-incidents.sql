-- Incidents: problems that monitors, probes, live rules and people open, with their timeline and their evidence.

CREATE TABLE incidents (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  source_kind text NOT NULL,
  source_id text NOT NULL,
  source_name text NOT NULL,
  series text NOT NULL,
  state text NOT NULL,
  severity text NOT NULL,
  title text NOT NULL,
  text text NOT NULL,
  owner_id text,
  labels jsonb NOT NULL,
  facts jsonb NOT NULL,
  filter text,
  measure text,
  runbook_url text,
  is_muted boolean NOT NULL,
  from_time timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  resolved_at timestamptz,
  reopenings integer NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX incidents_newest ON incidents (project_id, opened_at, id);
CREATE INDEX incidents_source ON incidents (project_id, source_kind, source_id, series, resolved_at);
-- A source has at most one unresolved incident per series.
CREATE UNIQUE INDEX incidents_unresolved ON incidents (project_id, source_kind, source_id, series)
  WHERE state <> 'resolved' AND source_kind <> 'manual';

CREATE TABLE incident_events (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  incident_id text NOT NULL REFERENCES incidents ON DELETE CASCADE,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  text text NOT NULL,
  actor text NOT NULL,
  path text,
  -- The order of recording. Steps of one transaction have the same time.
  place bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX incident_events_order ON incident_events (incident_id, place);

CREATE TABLE incident_snapshots (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  incident_id text NOT NULL REFERENCES incidents ON DELETE CASCADE,
  state text NOT NULL,
  error text NOT NULL,
  from_time timestamptz NOT NULL,
  to_time timestamptz NOT NULL,
  evidence jsonb,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  collected_at timestamptz
);
CREATE INDEX incident_snapshots_newest ON incident_snapshots (incident_id, created_at, id);

-- Rollouts can obey monitors. Older plans have none.
UPDATE rollouts SET plan = plan || '{"monitors": []}'::jsonb WHERE plan -> 'monitors' IS NULL;

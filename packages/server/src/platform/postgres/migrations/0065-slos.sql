CREATE TABLE slos (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  endpoint text NOT NULL,
  filter text NOT NULL,
  counts text NOT NULL,
  indicator jsonb NOT NULL,
  objective double precision NOT NULL,
  window_days integer NOT NULL,
  alerts jsonb NOT NULL,
  monitor_id text,
  -- Days before this are stored and final. Null if none is.
  days_through text,
  -- Changes when the stored days no longer fit.
  revision integer NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX slos_name ON slos (project_id, lower(name));

CREATE TABLE slo_days (
  slo_id text NOT NULL REFERENCES slos ON DELETE CASCADE,
  day text NOT NULL,
  requests bigint NOT NULL,
  n bigint NOT NULL,
  bad bigint NOT NULL,
  -- Of these, the requests whose scores are all by scorers.
  judged bigint NOT NULL,
  judged_bad bigint NOT NULL,
  PRIMARY KEY (slo_id, day)
);

CREATE TABLE status_pages (
  project_id text PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
  is_enabled boolean NOT NULL,
  slug text NOT NULL UNIQUE,
  title text NOT NULL,
  description text NOT NULL,
  components jsonb NOT NULL,
  shows_requests boolean NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE status_notes (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  title text NOT NULL,
  components jsonb NOT NULL,
  state text NOT NULL,
  updates jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  resolved_at timestamptz
);
CREATE INDEX status_notes_project ON status_notes (project_id, created_at, id);

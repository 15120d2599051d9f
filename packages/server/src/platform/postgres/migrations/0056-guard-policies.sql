-- Guard policies: which detectors read which texts of a call, and what happens to a finding. Each change is a version.
CREATE TABLE guard_policies (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  is_enabled boolean NOT NULL,
  applies_to jsonb NOT NULL,
  rules jsonb NOT NULL,
  mask_seconds integer NOT NULL,
  match_key text NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (project_id, name),
  UNIQUE (project_id, match_key)
);
CREATE TABLE guard_policy_versions (
  policy_id text NOT NULL REFERENCES guard_policies ON DELETE CASCADE,
  version integer NOT NULL,
  content jsonb NOT NULL,
  actor text NOT NULL,
  restored_from integer,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (policy_id, version)
);
-- The values behind the placeholders of a session, encrypted. The id is a hash of the session.
CREATE TABLE guard_masks (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  session_hash text NOT NULL,
  sealed text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, session_hash)
);
CREATE INDEX guard_masks_expired ON guard_masks (expires_at);

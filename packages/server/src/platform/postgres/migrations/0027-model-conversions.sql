-- Other formats that were made of versions. A version's own files never change.
CREATE TABLE registry_conversions (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  version_id text NOT NULL REFERENCES registry_versions ON DELETE CASCADE,
  format text NOT NULL,
  quantization text NOT NULL,
  files jsonb NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 text NOT NULL,
  checks jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (version_id, format, quantization)
);

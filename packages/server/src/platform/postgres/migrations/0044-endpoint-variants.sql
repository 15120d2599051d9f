-- Targets of an endpoint become named variants, and each change of an endpoint a version that stays.
ALTER TABLE endpoints ADD COLUMN variants jsonb, ADD COLUMN assign_by text NOT NULL DEFAULT 'auto', ADD COLUMN version integer NOT NULL DEFAULT 1, ADD COLUMN rollout jsonb;
UPDATE endpoints SET variants = (
  SELECT jsonb_agg(jsonb_build_object('name', CASE WHEN nth = 1 THEN base ELSE left(base, 36) || '-' || nth END, 'model', model, 'weight', weight, 'prompt', NULL, 'parameters', '{}'::jsonb, 'tools', NULL, 'cacheTtlSeconds', NULL) ORDER BY place)
  FROM (
    SELECT *, row_number() OVER (PARTITION BY base ORDER BY place) AS nth
    FROM (
      SELECT target->>'model' AS model, (target->>'weight')::integer AS weight, place,
        COALESCE(NULLIF(left(regexp_replace(regexp_replace(lower(regexp_replace(target->>'model', '^.*/', '')), '[^a-z0-9._-]+', '-', 'g'), '^[^a-z0-9]+', ''), 40), ''), 'variant') AS base
      FROM jsonb_array_elements(targets) WITH ORDINALITY AS listed (target, place)
    ) AS named
  ) AS numbered
);
ALTER TABLE endpoints ALTER COLUMN variants SET NOT NULL, DROP COLUMN targets;
ALTER TABLE endpoints ALTER COLUMN assign_by DROP DEFAULT, ALTER COLUMN version DROP DEFAULT;
CREATE TABLE endpoint_versions (
  endpoint_id text NOT NULL REFERENCES endpoints ON DELETE CASCADE,
  version integer NOT NULL,
  content jsonb NOT NULL,
  actor text NOT NULL,
  restored_from integer,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (endpoint_id, version)
);
INSERT INTO endpoint_versions
SELECT id, 1, jsonb_build_object('name', name, 'description', description, 'variants', variants, 'assignBy', assign_by, 'fallbacks', to_jsonb(fallbacks), 'cacheTtlSeconds', cache_ttl_seconds), 'system', NULL, updated_at
FROM endpoints;

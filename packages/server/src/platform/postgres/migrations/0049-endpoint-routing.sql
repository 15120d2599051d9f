-- How an endpoint chooses a variant, by which rules, and after which failures its fallbacks answer. Existing fallbacks answer after any failure, one after the other.
ALTER TABLE endpoints ADD COLUMN strategy text NOT NULL DEFAULT 'weight', ADD COLUMN rules jsonb NOT NULL DEFAULT '[]', ADD COLUMN failover text NOT NULL DEFAULT 'fallbacks', ADD COLUMN ordered_fallbacks jsonb NOT NULL DEFAULT '[]';
UPDATE endpoints SET
  variants = (SELECT jsonb_agg(variant || '{"priority": 1}'::jsonb ORDER BY place) FROM jsonb_array_elements(variants) WITH ORDINALITY AS listed (variant, place)),
  ordered_fallbacks = COALESCE((
    SELECT jsonb_agg(jsonb_build_object('model', model, 'on', '["context-length", "content-filter", "rate-limit", "timeout", "unavailable", "error"]'::jsonb, 'priority', LEAST(20, place)) ORDER BY place)
    FROM unnest(fallbacks) WITH ORDINALITY AS listed (model, place)
  ), '[]'::jsonb);
ALTER TABLE endpoints DROP COLUMN fallbacks;
ALTER TABLE endpoints RENAME COLUMN ordered_fallbacks TO fallbacks;
ALTER TABLE endpoints ALTER COLUMN strategy DROP DEFAULT, ALTER COLUMN rules DROP DEFAULT, ALTER COLUMN failover DROP DEFAULT, ALTER COLUMN fallbacks DROP DEFAULT;
UPDATE endpoint_versions SET content = content || jsonb_build_object(
  'strategy', 'weight', 'rules', '[]'::jsonb, 'failover', 'fallbacks',
  'variants', (SELECT jsonb_agg(variant || '{"priority": 1}'::jsonb ORDER BY place) FROM jsonb_array_elements(content->'variants') WITH ORDINALITY AS listed (variant, place)),
  'fallbacks', COALESCE((
    SELECT jsonb_agg(jsonb_build_object('model', model, 'on', '["context-length", "content-filter", "rate-limit", "timeout", "unavailable", "error"]'::jsonb, 'priority', LEAST(20, place)) ORDER BY place)
    FROM jsonb_array_elements_text(content->'fallbacks') WITH ORDINALITY AS listed (model, place)
  ), '[]'::jsonb)
);

-- The text that answers a request that a guard blocks, by language. Null for an error.
ALTER TABLE guard_policies ADD COLUMN refusal jsonb;

ALTER TABLE spans
  ADD COLUMN IF NOT EXISTS guard_policy LowCardinality(String),
  ADD COLUMN IF NOT EXISTS guard_action LowCardinality(String),
  ADD COLUMN IF NOT EXISTS guard_kinds Array(LowCardinality(String));

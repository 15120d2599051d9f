ALTER TABLE spans
  ADD COLUMN IF NOT EXISTS guard_language LowCardinality(String);

ALTER TABLE spans
  ADD COLUMN IF NOT EXISTS variant LowCardinality(String),
  ADD COLUMN IF NOT EXISTS rollout_id LowCardinality(String),
  ADD COLUMN IF NOT EXISTS assignment_unit LowCardinality(String),
  ADD COLUMN IF NOT EXISTS assignment_bucket Float64 CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS propensity Float64 CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS endpoint_version UInt32 CODEC(T64, ZSTD(1));

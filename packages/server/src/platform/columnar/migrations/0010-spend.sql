CREATE TABLE IF NOT EXISTS spend_entries (
  project_id LowCardinality(String),
  time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  span_id String CODEC(ZSTD(1)),
  attempt UInt8,
  actor LowCardinality(String),
  user_id String CODEC(ZSTD(1)),
  tags Array(LowCardinality(String)) CODEC(ZSTD(1)),
  endpoint LowCardinality(String),
  variant LowCardinality(String),
  connection LowCardinality(String),
  provider LowCardinality(String),
  model LowCardinality(String),
  input_tokens UInt32 CODEC(T64, ZSTD(1)),
  output_tokens UInt32 CODEC(T64, ZSTD(1)),
  cached_input_tokens UInt32 CODEC(T64, ZSTD(1)),
  cache_write_tokens UInt32 CODEC(T64, ZSTD(1)),
  reasoning_tokens UInt32 CODEC(T64, ZSTD(1)),
  cost_usd Nullable(Float64) CODEC(ZSTD(1))
) ENGINE = {engine}
PARTITION BY toYYYYMM(time)
ORDER BY (project_id, time)
SETTINGS index_granularity_bytes = 67108864, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

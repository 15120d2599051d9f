CREATE TABLE IF NOT EXISTS monitor_points (
  project_id LowCardinality(String),
  monitor_id String CODEC(ZSTD(1)),
  series String CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  value Nullable(Float64) CODEC(ZSTD(1)),
  n Float64 CODEC(ZSTD(1)),
  lower Nullable(Float64) CODEC(ZSTD(1)),
  upper Nullable(Float64) CODEC(ZSTD(1)),
  expected Nullable(Float64) CODEC(ZSTD(1)),
  evidence Nullable(Float64) CODEC(ZSTD(1)),
  state LowCardinality(String)
) ENGINE = {engine}
PARTITION BY toMonday(at)
ORDER BY (project_id, monitor_id, series, at)
TTL toDateTime(at) + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000;

ALTER TABLE spans
  ADD COLUMN IF NOT EXISTS scope_name LowCardinality(String),
  ADD COLUMN IF NOT EXISTS dialect LowCardinality(String),
  ADD COLUMN IF NOT EXISTS trace_name LowCardinality(String),
  ADD COLUMN IF NOT EXISTS prompt_name LowCardinality(String),
  ADD COLUMN IF NOT EXISTS prompt_version LowCardinality(String),
  ADD COLUMN IF NOT EXISTS release LowCardinality(String),
  ADD COLUMN IF NOT EXISTS events String CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS links String CODEC(ZSTD(1));

CREATE TABLE IF NOT EXISTS scores (
  project_id LowCardinality(String),
  time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  trace_id String CODEC(ZSTD(1)),
  span_id String CODEC(ZSTD(1)),
  name LowCardinality(String),
  value Nullable(Float64) CODEC(ZSTD(1)),
  label String CODEC(ZSTD(1)),
  comment String CODEC(ZSTD(1)),
  source LowCardinality(String),
  INDEX scores_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = {engine}
PARTITION BY toYYYYMM(time)
ORDER BY (project_id, name, time)
SETTINGS index_granularity_bytes = 67108864, ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS span_contents (
  project_id LowCardinality(String),
  time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  trace_id String CODEC(ZSTD(1)),
  span_id String CODEC(ZSTD(1)),
  name LowCardinality(String),
  body String CODEC(ZSTD(1)),
  attributes String CODEC(ZSTD(1))
) ENGINE = {engine}
PARTITION BY toYYYYMM(time)
ORDER BY (project_id, trace_id, span_id, time)
SETTINGS index_granularity_bytes = 67108864, ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS feedback (
  project_id LowCardinality(String),
  time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  feedback_id String CODEC(ZSTD(1)),
  slot String CODEC(ZSTD(1)),
  version UInt64 CODEC(Delta, ZSTD(1)),
  is_retracted Bool,
  trace_id String CODEC(ZSTD(1)),
  span_id String CODEC(ZSTD(1)),
  session_id String CODEC(ZSTD(1)),
  response_id String CODEC(ZSTD(1)),
  name LowCardinality(String),
  kind LowCardinality(String),
  value Nullable(Float64) CODEC(ZSTD(1)),
  label String CODEC(ZSTD(1)),
  comment String CODEC(ZSTD(1)),
  correction String CODEC(ZSTD(1)),
  expected_output String CODEC(ZSTD(1)),
  signal LowCardinality(String),
  signal_detail String CODEC(ZSTD(1)),
  user_id String CODEC(ZSTD(1)),
  given_by String CODEC(ZSTD(1)),
  source LowCardinality(String),
  metadata String CODEC(ZSTD(1)),
  consent Bool,
  body_hash String CODEC(ZSTD(1)),
  INDEX feedback_ids feedback_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX feedback_slots slot TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX feedback_users user_id TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = {engine}
PARTITION BY toYYYYMM(time)
ORDER BY (project_id, trace_id, slot, version)
SETTINGS index_granularity_bytes = 67108864, ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS deleted_traces (
  project_id LowCardinality(String),
  trace_id String CODEC(ZSTD(1)),
  time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
  INDEX deleted_traces_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = {engine}
ORDER BY (project_id, trace_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

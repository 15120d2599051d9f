CREATE TABLE IF NOT EXISTS unit_pasts (
  project_id LowCardinality(String),
  rollout_id String CODEC(ZSTD(1)),
  source LowCardinality(String),
  place UInt32,
  means Array(Float64) CODEC(ZSTD(1)),
  stored_at DateTime('UTC') DEFAULT now('UTC') CODEC(ZSTD(1))
) ENGINE = {engine}
PARTITION BY toYYYYMM(stored_at)
ORDER BY (project_id, rollout_id, source, place)
TTL stored_at + INTERVAL 180 DAY
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1;

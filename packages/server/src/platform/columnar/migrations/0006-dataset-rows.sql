CREATE TABLE IF NOT EXISTS dataset_rows (
  project_id LowCardinality(String),
  object String CODEC(ZSTD(1)),
  row UInt32 CODEC(Delta, ZSTD(1)),
  item_id String CODEC(ZSTD(1)),
  split LowCardinality(String),
  source_kind LowCardinality(String),
  source String CODEC(ZSTD(1)),
  inputs String CODEC(ZSTD(1)),
  expected String CODEC(ZSTD(1)),
  metadata String CODEC(ZSTD(1)),
  INDEX dataset_rows_item item_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = {engine}
ORDER BY (project_id, object, row)
SETTINGS index_granularity = 4096, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

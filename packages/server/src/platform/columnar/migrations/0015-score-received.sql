ALTER TABLE scores ADD COLUMN IF NOT EXISTS received_at DateTime64(3, 'UTC') DEFAULT toDateTime64(0, 3, 'UTC') CODEC(Delta(8), ZSTD(1));

ALTER TABLE scores ADD INDEX IF NOT EXISTS scores_received received_at TYPE minmax GRANULARITY 1;

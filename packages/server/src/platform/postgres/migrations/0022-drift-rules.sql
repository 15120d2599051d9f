-- What a drift rule has seen; null for the other rules and until its first look.
ALTER TABLE annotation_rules ADD COLUMN drift jsonb;

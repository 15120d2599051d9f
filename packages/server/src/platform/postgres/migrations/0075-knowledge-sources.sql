-- Sources that are synchronised.
ALTER TABLE knowledge_sources
  -- When the schedule runs next.
  ADD COLUMN next_sync_at timestamptz,
  -- Old answers name documents of deleted sources, so the row stays.
  ADD COLUMN deleted_at timestamptz,
  DROP CONSTRAINT knowledge_sources_base_id_name_key;
CREATE UNIQUE INDEX knowledge_sources_name ON knowledge_sources (base_id, name) WHERE deleted_at IS NULL;
CREATE INDEX knowledge_sources_due ON knowledge_sources (project_id, next_sync_at) WHERE next_sync_at IS NOT NULL;
ALTER TABLE knowledge_documents
  -- The job that stored its bytes.
  ADD COLUMN sync_id text,
  -- Since when its source no longer has it, while the deletion waits for an approval.
  ADD COLUMN vanished_at timestamptz;

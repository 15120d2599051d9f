-- Knowledge bases as OpenAI's vector stores: documents that were made from uploaded files, and batches of them.
ALTER TABLE knowledge_bases ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}';
ALTER TABLE knowledge_documents
  ADD COLUMN file_id text,
  -- The size of the document's chunks and their overlap, if they are not those of the base.
  ADD COLUMN chunking jsonb;
CREATE UNIQUE INDEX knowledge_documents_file ON knowledge_documents (base_id, file_id)
  WHERE file_id IS NOT NULL AND deleted_at IS NULL;
CREATE TABLE vector_store_batches (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  base_id text NOT NULL REFERENCES knowledge_bases ON DELETE CASCADE,
  file_ids text[] NOT NULL,
  cancelled_at timestamptz,
  created_at timestamptz NOT NULL
);
CREATE INDEX vector_store_batches_base ON vector_store_batches (base_id);

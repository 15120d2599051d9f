-- How documents are read and checked, and who released them from quarantine.
ALTER TABLE knowledge_bases
  ADD COLUMN reading jsonb NOT NULL DEFAULT '{"attacks":"quarantine","guardPolicyId":null,"ocrLanguages":["eng"]}';
ALTER TABLE knowledge_documents
  -- No search finds a document with a time here, whatever its state is.
  ADD COLUMN quarantined_at timestamptz,
  -- The content that a person released.
  ADD COLUMN released_hash text;

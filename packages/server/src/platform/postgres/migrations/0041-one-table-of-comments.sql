-- Comments on traces and on prompts share a table.
ALTER TABLE comments RENAME COLUMN trace_id TO subject_id;
ALTER TABLE comments RENAME COLUMN span_id TO part;
ALTER TABLE comments ADD COLUMN subject_kind text NOT NULL DEFAULT 'trace';
ALTER TABLE comments ALTER COLUMN subject_kind DROP DEFAULT;
INSERT INTO comments (id, project_id, subject_kind, subject_id, part, text, created_by, created_at, edited_at)
  SELECT id, project_id, 'prompt', prompt_id, coalesce(version::text, ''), text, created_by, created_at, edited_at FROM prompt_comments;
DROP TABLE prompt_comments;
DROP INDEX comments_trace;
CREATE INDEX comments_subject ON comments (project_id, subject_kind, subject_id, created_at, id);

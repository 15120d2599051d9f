-- Indexing failed for good on a chunk that a killed server had noted and never stored. It passes over such chunks now: the newest
-- failed job of each project runs again, and the others, which would do the same work, go.
UPDATE jobs SET status = 'queued', error = NULL, failures = 0, interruptions = 0, started_at = NULL, ended_at = NULL,
  owner = NULL, leased_until = NULL, run_at = now(), updated_at = now(), revision = revision + 1
WHERE id IN (
    SELECT DISTINCT ON (project_id) id FROM jobs
    WHERE kind = 'dataset-index' AND status = 'failed' ORDER BY project_id, created_at DESC, id DESC)
  AND NOT EXISTS (
    SELECT 1 FROM jobs live WHERE live.project_id = jobs.project_id AND live.kind = 'dataset-index' AND live.status IN ('queued', 'running'));
DELETE FROM jobs WHERE kind = 'dataset-index' AND status = 'failed';

-- A project is active, archived, or deleted with a time until which it can be restored.
-- The first project administers the server: its owners and admins hold the server permissions.
ALTER TABLE projects ADD COLUMN is_first boolean NOT NULL DEFAULT false;
ALTER TABLE projects ADD COLUMN archived_at timestamptz;
ALTER TABLE projects ADD COLUMN deleted_at timestamptz;
ALTER TABLE projects ADD COLUMN purge_at timestamptz;
-- On the first project: the demo project was removed, so no start makes it again.
ALTER TABLE projects ADD COLUMN sample_removed_at timestamptz;
UPDATE projects SET is_first = true
WHERE id = (SELECT id FROM projects WHERE NOT is_sample ORDER BY created_at, id LIMIT 1);
CREATE UNIQUE INDEX projects_first ON projects (is_first) WHERE is_first;

-- How long files of versions stay that nothing points at. The record of a version stays when its files have gone.
ALTER TABLE registry_settings ADD COLUMN retention jsonb;
ALTER TABLE registry_models ADD COLUMN retention jsonb NOT NULL DEFAULT '"project"';
ALTER TABLE registry_models ALTER COLUMN retention DROP DEFAULT;
ALTER TABLE registry_versions ADD COLUMN files_removed_at timestamptz;

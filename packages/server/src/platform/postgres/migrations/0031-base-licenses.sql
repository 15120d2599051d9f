-- The license of a pulled base as it was when a version was made over it: pulled models go. A base of the registry is asked itself.
ALTER TABLE registry_versions ADD COLUMN base_license text;
UPDATE registry_versions version SET base_license = model.license FROM local_models model
WHERE version.base_version_id IS NULL AND version.base_ref = 'local:' || model.id
  AND version.base_hash = model.sha256 AND model.license <> 'unknown';

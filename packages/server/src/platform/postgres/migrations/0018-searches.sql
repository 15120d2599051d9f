-- Which candidates became versions, so that a version can tell where it came from.
ALTER TABLE optimisations ADD COLUMN saved jsonb NOT NULL DEFAULT '[]';
UPDATE optimisations SET saved = jsonb_build_array(jsonb_build_object('candidate', best, 'version', saved_version))
  WHERE saved_version IS NOT NULL AND best IS NOT NULL;
ALTER TABLE optimisations ALTER COLUMN saved DROP DEFAULT, DROP COLUMN saved_version;

-- What beside a run's own settings was in use: a retriever's version, the program's.
ALTER TABLE eval_runs ADD COLUMN versions jsonb NOT NULL DEFAULT '{}';
ALTER TABLE eval_runs ALTER COLUMN versions DROP DEFAULT;

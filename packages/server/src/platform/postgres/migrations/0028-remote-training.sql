-- What a run is at a provider, and where the provider keeps the model that it gave.
ALTER TABLE training_runs ADD COLUMN remote jsonb;
ALTER TABLE registry_versions ADD COLUMN remote jsonb;

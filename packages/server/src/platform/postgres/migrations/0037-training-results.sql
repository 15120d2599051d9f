-- Which checkpoint a person wants as the model of a run that was stopped, and which one it became.
ALTER TABLE training_runs ADD COLUMN wanted_result text;
ALTER TABLE training_runs ADD COLUMN result jsonb;

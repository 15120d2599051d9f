-- How a version was trained: method, hyper-parameters, chat template and the versions of the libraries. Null for versions that no run made.
ALTER TABLE registry_versions ADD COLUMN training jsonb;

-- Every project sees the source of a local model, so it names the file and no folder of the server.
UPDATE local_models SET source = 'file ' || regexp_replace(source, '^.*[/\\]', '') WHERE source LIKE 'file %';

-- How long a call waits for its turn before a limit rejects it.
ALTER TABLE limits ADD COLUMN queue_seconds integer NOT NULL DEFAULT 0;
ALTER TABLE limits ALTER COLUMN queue_seconds DROP DEFAULT;

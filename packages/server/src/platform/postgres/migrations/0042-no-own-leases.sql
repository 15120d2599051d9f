-- The jobs platform runs each of these once at a time.
ALTER TABLE forwarders DROP COLUMN leased_until;
ALTER TABLE scheduled_exports DROP COLUMN leased_until;

-- Times that were taken before they were bounded, such as the year 20, cannot be read back and broke the lists that hold them.
UPDATE scheduled_exports SET next_from = date_trunc('day', now()), is_enabled = false,
  last_error = 'The time of the first period was out of bounds. Switch the export on to begin today, or delete it.'
WHERE next_from NOT BETWEEN '2000-01-01' AND '2200-01-01';
UPDATE annotation_queues SET due_at = NULL WHERE due_at NOT BETWEEN '2000-01-01' AND '2200-01-01';

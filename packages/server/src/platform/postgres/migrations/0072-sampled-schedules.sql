-- The target and the filter of the rule when the schedule was saved. A schedule copies only what they select.
ALTER TABLE live_schedules ADD COLUMN sampled text;
UPDATE live_schedules SET sampled = live_rules.target || ' ' || live_rules.filter
FROM live_rules WHERE live_rules.id = live_schedules.rule_id;
ALTER TABLE live_schedules ALTER COLUMN sampled SET NOT NULL;

-- Few runs belong to a rule.
DROP INDEX eval_runs_rule;
CREATE INDEX eval_runs_rule ON eval_runs (rule_id, created_at) WHERE rule_id IS NOT NULL;

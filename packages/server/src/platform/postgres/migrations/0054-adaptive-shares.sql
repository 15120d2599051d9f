-- A/B tests with adaptive shares: the newest shares of a test, and each change of them as an event.
ALTER TABLE ab_tests ADD COLUMN shares jsonb;
ALTER TABLE ab_test_events ADD COLUMN shares jsonb;
UPDATE ab_tests SET plan = plan || '{"allocation":"fixed","adaptive":null}';
UPDATE ab_tests SET report = jsonb_set(report, '{excluded,outsideHoldout}', '0') WHERE report IS NOT NULL;
UPDATE ab_test_events SET report = jsonb_set(report, '{excluded,outsideHoldout}', '0') WHERE report IS NOT NULL;
UPDATE endpoints SET ab_test = ab_test || '{"adaptive":null}' WHERE ab_test IS NOT NULL;

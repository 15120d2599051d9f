-- Rows that a run was given and that its trainer did not keep. All others of its sides were trained or evaluated on.
CREATE TABLE training_left_out_rows (
  run_id text NOT NULL REFERENCES training_runs ON DELETE CASCADE,
  source integer NOT NULL,
  item_id text NOT NULL,
  split text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (run_id, source, item_id)
);

-- The agreement of a live rule's judge with people, day by day.
CREATE TABLE live_agreements (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  rule_id text NOT NULL REFERENCES live_rules ON DELETE CASCADE,
  score text NOT NULL,
  label text NOT NULL,
  scale text NOT NULL,
  pass_at double precision,
  tolerance double precision NOT NULL,
  severity text NOT NULL,
  reference jsonb,
  collected jsonb NOT NULL,
  evidence double precision NOT NULL,
  rising_since text,
  worse_since text,
  first_day text NOT NULL,
  last_day text NOT NULL,
  last_error text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX live_agreements_score ON live_agreements (rule_id, score);
CREATE INDEX live_agreements_project ON live_agreements (project_id, created_at, id);
CREATE TABLE live_agreement_pairs (
  agreement_id text NOT NULL REFERENCES live_agreements ON DELETE CASCADE,
  trace_id text NOT NULL,
  span_id text NOT NULL,
  day text NOT NULL,
  human text NOT NULL,
  judge text NOT NULL,
  human_value double precision,
  judge_value double precision,
  disagrees boolean NOT NULL,
  PRIMARY KEY (agreement_id, trace_id, span_id)
);
CREATE INDEX live_agreement_pairs_day ON live_agreement_pairs (agreement_id, day);
CREATE TABLE live_agreement_days (
  agreement_id text NOT NULL REFERENCES live_agreements ON DELETE CASCADE,
  day text NOT NULL,
  pairs integer NOT NULL,
  disagreements integer NOT NULL,
  evidence double precision NOT NULL,
  kappa jsonb NOT NULL,
  PRIMARY KEY (agreement_id, day)
);

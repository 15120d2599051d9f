-- Retrieval evaluation: question sets of knowledge bases, and runs over them.
CREATE TABLE question_sets (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  base_id text NOT NULL REFERENCES knowledge_bases ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  -- The share of a span that a chunk must hold.
  overlap double precision NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (base_id, name)
);
CREATE INDEX question_sets_newest ON question_sets (base_id, created_at, id);
CREATE TABLE questions (
  set_id text NOT NULL REFERENCES question_sets ON DELETE CASCADE,
  id text NOT NULL,
  place integer NOT NULL,
  question text NOT NULL,
  -- Judgements: spans of documents with grades.
  relevant jsonb NOT NULL,
  PRIMARY KEY (set_id, id)
);
CREATE INDEX questions_in_order ON questions (set_id, place, id);
CREATE TABLE retrieval_runs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  base_id text NOT NULL REFERENCES knowledge_bases ON DELETE CASCADE,
  set_id text NOT NULL REFERENCES question_sets ON DELETE CASCADE,
  grid_id text,
  name text NOT NULL,
  version integer NOT NULL,
  settings jsonb NOT NULL,
  -- Null until the run is done.
  summary jsonb,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX retrieval_runs_newest ON retrieval_runs (set_id, created_at, id);
CREATE INDEX retrieval_runs_grid ON retrieval_runs (project_id, grid_id);
CREATE TABLE retrieval_results (
  run_id text NOT NULL REFERENCES retrieval_runs ON DELETE CASCADE,
  question_id text NOT NULL,
  place integer NOT NULL,
  -- Of the question, its judgements and the overlap: only equal ones are compared.
  judgement_hash text NOT NULL,
  result jsonb NOT NULL,
  PRIMARY KEY (run_id, question_id)
);

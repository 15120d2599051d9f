CREATE TABLE optimisations (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
  name text NOT NULL,
  prompt_name text NOT NULL,
  prompt_version integer NOT NULL,
  root text NOT NULL,
  input jsonb NOT NULL,
  content jsonb NOT NULL,
  scorers jsonb NOT NULL,
  parts jsonb,
  candidates jsonb NOT NULL,
  refused jsonb NOT NULL,
  curve jsonb NOT NULL,
  best integer,
  test jsonb,
  saved_version integer,
  warnings jsonb NOT NULL,
  status text NOT NULL,
  stopped text,
  message text NOT NULL,
  answers integer NOT NULL,
  reflections integer NOT NULL,
  spent jsonb NOT NULL,
  job_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX optimisations_list ON optimisations (project_id, created_at, id);

-- What each prompt answered to each item. The program is the hash of the prompt's texts and examples.
CREATE TABLE optimisation_answers (
  optimisation_id text NOT NULL REFERENCES optimisations(id) ON DELETE CASCADE,
  program text NOT NULL,
  item_id text NOT NULL,
  score double precision,
  feedback text NOT NULL,
  output text NOT NULL,
  tokens integer,
  cost_usd double precision,
  latency_ms double precision,
  PRIMARY KEY (optimisation_id, program, item_id)
);

-- What the model that rewrites prompts said, by the hash of what it was asked.
CREATE TABLE optimisation_reflections (
  optimisation_id text NOT NULL REFERENCES optimisations(id) ON DELETE CASCADE,
  request text NOT NULL,
  answer text NOT NULL,
  PRIMARY KEY (optimisation_id, request)
);

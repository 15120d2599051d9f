-- Two answers to one prompt, and which of them people prefer. `chosen` is the better one; of a tie the two are in no order.
CREATE TABLE preference_pairs (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  queue_id text REFERENCES annotation_queues ON DELETE CASCADE,
  -- Of the queue, the kind, the prompt and the two answers: the same pair is one row.
  pair_key text NOT NULL,
  kind text NOT NULL,
  prompt json NOT NULL,
  tools json,
  chosen json NOT NULL,
  rejected json NOT NULL,
  -- What a search looks through.
  said text NOT NULL,
  prompt_key text NOT NULL,
  chosen_variant text NOT NULL,
  rejected_variant text NOT NULL,
  is_tie boolean NOT NULL,
  votes_chosen integer NOT NULL,
  votes_rejected integer NOT NULL,
  votes_tie integer NOT NULL,
  left_wins integer NOT NULL,
  right_wins integer NOT NULL,
  margin double precision,
  conflict text,
  source_ids jsonb NOT NULL,
  annotators jsonb NOT NULL,
  trace_id text,
  span_id text,
  model text NOT NULL,
  guideline_version integer,
  consent boolean NOT NULL,
  created_at timestamptz NOT NULL,
  collected_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX preference_pairs_key ON preference_pairs (project_id, pair_key);
CREATE INDEX preference_pairs_list ON preference_pairs (project_id, created_at, id);
CREATE INDEX preference_pairs_prompt ON preference_pairs (project_id, prompt_key);

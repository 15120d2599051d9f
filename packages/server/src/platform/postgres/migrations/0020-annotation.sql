CREATE TABLE annotation_queues (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL,
  questions_version integer NOT NULL,
  guideline_version integer NOT NULL,
  overlap integer NOT NULL,
  gold_rate double precision NOT NULL,
  is_blind boolean NOT NULL,
  suggestions text NOT NULL,
  item_order text NOT NULL,
  lease_seconds integer NOT NULL,
  undo_seconds integer NOT NULL,
  dispute_below double precision NOT NULL,
  annotators jsonb NOT NULL,
  reviewers jsonb NOT NULL,
  due_at timestamptz,
  is_open boolean NOT NULL,
  -- When items last came in or were put back: who has gone on past them begins at the front again.
  items_changed_at timestamptz NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX annotation_queues_name ON annotation_queues (project_id, name);
CREATE INDEX annotation_queues_list ON annotation_queues (project_id, created_at, id);

CREATE TABLE annotation_guidelines (
  queue_id text NOT NULL REFERENCES annotation_queues ON DELETE CASCADE,
  version integer NOT NULL,
  markdown text NOT NULL,
  examples jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (queue_id, version)
);

CREATE TABLE annotation_question_sets (
  queue_id text NOT NULL REFERENCES annotation_queues ON DELETE CASCADE,
  version integer NOT NULL,
  questions jsonb NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (queue_id, version)
);

CREATE TABLE annotation_items (
  id text PRIMARY KEY,
  queue_id text NOT NULL REFERENCES annotation_queues ON DELETE CASCADE,
  project_id text NOT NULL,
  source jsonb NOT NULL,
  source_key text NOT NULL,
  -- What is looked at, as it was when it came in.
  content json NOT NULL,
  preview text NOT NULL,
  metadata jsonb NOT NULL,
  suggestion jsonb,
  status text NOT NULL,
  -- Minus the priority, so that the order runs one way.
  rank integer NOT NULL,
  place double precision NOT NULL,
  reason text NOT NULL,
  rule_id text,
  inclusion_probability double precision,
  overlap integer NOT NULL,
  -- How many have answered, and how many have it before them: together never more than the overlap when one is given out.
  answered integer NOT NULL,
  held integer NOT NULL,
  is_gold boolean NOT NULL,
  gold jsonb,
  tolerance double precision NOT NULL,
  agreement double precision,
  comment_count integer NOT NULL,
  adjudication_version integer NOT NULL,
  created_at timestamptz NOT NULL,
  completed_at timestamptz,
  CHECK (answered >= 0 AND held >= 0)
) WITH (toast_tuple_target = 512);
-- What is looked at lies beside the row, which is counted and changed far more often than it is read.
ALTER TABLE annotation_items ALTER COLUMN source SET STORAGE MAIN, ALTER COLUMN metadata SET STORAGE MAIN,
  ALTER COLUMN preview SET STORAGE MAIN, ALTER COLUMN content SET STORAGE EXTENDED;
CREATE UNIQUE INDEX annotation_items_source ON annotation_items (queue_id, source_key);
CREATE INDEX annotation_items_list ON annotation_items (queue_id, status, id);
CREATE INDEX annotation_items_all ON annotation_items (queue_id, id);
CREATE INDEX annotation_items_next ON annotation_items (queue_id, is_gold, rank, place, id)
  WHERE status = 'open' AND answered + held < overlap;

-- An item and a person: before them, or what they made of it.
CREATE TABLE annotation_work (
  item_id text NOT NULL REFERENCES annotation_items ON DELETE CASCADE,
  annotator text NOT NULL,
  queue_id text NOT NULL,
  project_id text NOT NULL,
  lease_id text NOT NULL,
  -- leased, submitted, skipped, discarded, flagged; returned: given back unanswered, so that it may come again.
  state text NOT NULL,
  -- Draws the order in which this person sees the candidates.
  seed bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  draft json,
  answer_id text,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (item_id, annotator)
);
CREATE UNIQUE INDEX annotation_work_lease ON annotation_work (lease_id);
CREATE INDEX annotation_work_held ON annotation_work (queue_id, expires_at) WHERE state = 'leased';
CREATE INDEX annotation_work_of ON annotation_work (queue_id, annotator, state);

-- Only ever added to.
CREATE TABLE annotation_answers (
  id text PRIMARY KEY,
  project_id text NOT NULL,
  queue_id text NOT NULL,
  item_id text NOT NULL REFERENCES annotation_items ON DELETE CASCADE,
  annotator text NOT NULL,
  client_id text NOT NULL,
  -- Of what was sent, so that the same sent again is known.
  digest text NOT NULL,
  status text NOT NULL,
  answers json NOT NULL,
  comment text NOT NULL,
  candidate_order json NOT NULL,
  questions_version integer NOT NULL,
  guideline_version integer NOT NULL,
  ms_active integer NOT NULL,
  is_suggestion_shown boolean NOT NULL,
  client_version text NOT NULL,
  supersedes text,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX annotation_answers_client ON annotation_answers (project_id, annotator, client_id);
CREATE INDEX annotation_answers_item ON annotation_answers (item_id, created_at, id);
CREATE INDEX annotation_answers_of ON annotation_answers (queue_id, annotator, created_at, id);

-- A person in a queue: what they have done, and how far along the queue they are.
CREATE TABLE annotation_annotators (
  queue_id text NOT NULL REFERENCES annotation_queues ON DELETE CASCADE,
  annotator text NOT NULL,
  submitted integer NOT NULL,
  skipped integer NOT NULL,
  discarded integer NOT NULL,
  flagged integer NOT NULL,
  last_answer_at timestamptz,
  -- Active milliseconds of the last hundred answers, the newest first.
  recent_ms integer[] NOT NULL,
  at_rank integer,
  at_place double precision,
  at_id text,
  at_time timestamptz,
  PRIMARY KEY (queue_id, annotator)
);

CREATE TABLE annotation_adjudications (
  item_id text NOT NULL REFERENCES annotation_items ON DELETE CASCADE,
  version integer NOT NULL,
  project_id text NOT NULL,
  answers json NOT NULL,
  reason text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (item_id, version)
);

CREATE TABLE annotation_comments (
  id text PRIMARY KEY,
  project_id text NOT NULL,
  item_id text NOT NULL REFERENCES annotation_items ON DELETE CASCADE,
  text text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX annotation_comments_item ON annotation_comments (item_id, created_at, id);

CREATE TABLE annotation_rules (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  queue_id text NOT NULL REFERENCES annotation_queues ON DELETE CASCADE,
  name text NOT NULL,
  trigger jsonb NOT NULL,
  priority integer NOT NULL,
  most_per_day integer NOT NULL,
  is_enabled boolean NOT NULL,
  place_ms bigint NOT NULL,
  place_trace_id text NOT NULL,
  place_span_id text NOT NULL,
  added integer NOT NULL,
  -- The day (UTC, such as 2026-11-26) that the next one is of.
  added_day text NOT NULL,
  added_today integer NOT NULL,
  last_added_at timestamptz,
  last_error text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX annotation_rules_name ON annotation_rules (queue_id, name);
CREATE INDEX annotation_rules_project ON annotation_rules (project_id, created_at, id);

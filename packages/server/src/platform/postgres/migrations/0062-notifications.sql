-- Notices to people: where they go, which messages carry them, and the inbox of each person.
CREATE TABLE notification_channels (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL,
  settings jsonb NOT NULL,
  sealed_secrets text NOT NULL,
  per_minute integer NOT NULL,
  is_enabled boolean NOT NULL,
  disabled_reason text NOT NULL,
  paused_until timestamptz,
  last_delivered_at timestamptz,
  last_error text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX notification_channels_project ON notification_channels (project_id, created_at, id);
CREATE TABLE notification_routes (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  place integer NOT NULL,
  rule jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX notification_routes_project ON notification_routes (project_id, place, id);
CREATE TABLE notices (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  event text NOT NULL,
  key text NOT NULL,
  severity text NOT NULL,
  labels jsonb NOT NULL,
  "group" text NOT NULL,
  title text NOT NULL,
  text text NOT NULL,
  facts jsonb NOT NULL,
  links jsonb NOT NULL,
  at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  routed_at timestamptz,
  UNIQUE (project_id, key)
);
CREATE INDEX notices_newest ON notices (project_id, created_at, id);
CREATE INDEX notices_subject ON notices (project_id, subject_kind, subject_id, id);
CREATE INDEX notices_unrouted ON notices (id) WHERE routed_at IS NULL;
CREATE TABLE notification_messages (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  channel_id text NOT NULL REFERENCES notification_channels ON DELETE CASCADE,
  "group" text NOT NULL,
  kind text NOT NULL,
  reason text NOT NULL,
  subjects text[] NOT NULL,
  state text NOT NULL,
  due_at timestamptz NOT NULL,
  next_try_at timestamptz NOT NULL,
  attempts integer NOT NULL,
  last_error text NOT NULL,
  created_at timestamptz NOT NULL,
  delivered_at timestamptz
);
CREATE INDEX notification_messages_newest ON notification_messages (project_id, created_at, id);
CREATE INDEX notification_messages_channel ON notification_messages (channel_id, due_at);
CREATE INDEX notification_messages_due ON notification_messages (next_try_at) WHERE state = 'waiting';
CREATE TABLE notification_message_notices (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  message_id text NOT NULL REFERENCES notification_messages ON DELETE CASCADE,
  notice_id text NOT NULL REFERENCES notices ON DELETE CASCADE,
  PRIMARY KEY (message_id, notice_id)
);
CREATE INDEX notification_message_notices_notice ON notification_message_notices (notice_id);
CREATE TABLE notification_escalations (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  route_id text NOT NULL REFERENCES notification_routes ON DELETE CASCADE,
  subject text NOT NULL,
  notice_id text NOT NULL REFERENCES notices ON DELETE CASCADE,
  next_at timestamptz NOT NULL,
  UNIQUE (project_id, route_id, subject)
);
CREATE INDEX notification_escalations_due ON notification_escalations (next_at);
CREATE TABLE inbox_items (
  id text PRIMARY KEY,
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  user_id text NOT NULL,
  thread text NOT NULL,
  kind text NOT NULL,
  severity text NOT NULL,
  event text,
  title text NOT NULL,
  text text NOT NULL,
  path text NOT NULL,
  at timestamptz NOT NULL,
  attention_at timestamptz NOT NULL,
  UNIQUE (project_id, user_id, thread)
);
CREATE INDEX inbox_items_newest ON inbox_items (project_id, at, id);
CREATE TABLE inbox_reads (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  user_id text NOT NULL,
  item_id text NOT NULL REFERENCES inbox_items ON DELETE CASCADE,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, item_id)
);
CREATE TABLE inbox_marks (
  project_id text NOT NULL REFERENCES projects ON DELETE CASCADE,
  user_id text NOT NULL,
  read_until timestamptz NOT NULL,
  PRIMARY KEY (project_id, user_id)
);

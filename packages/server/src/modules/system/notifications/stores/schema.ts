import type { AlertLabels, MessageState, RouteInput, Severity } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp, unique } from "drizzle-orm/pg-core";
import type { Notice, NoticeEvent } from "./notice.ts";
import type { StoredSettings } from "./stored-settings.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const channels = pgTable(
  "notification_channels",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    settings: jsonb("settings").$type<StoredSettings>().notNull(),
    sealedSecrets: text("sealed_secrets").notNull(),
    perMinute: integer("per_minute").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    disabledReason: text("disabled_reason").notNull(),
    /** The receiver asked for a pause until this time. */
    pausedUntil: time("paused_until"),
    lastDeliveredAt: time("last_delivered_at"),
    lastError: text("last_error").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("notification_channels_project").on(table.projectId, table.createdAt, table.id)],
);

export const routes = pgTable(
  "notification_routes",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    place: integer("place").notNull(),
    rule: jsonb("rule").$type<RouteInput>().notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("notification_routes_project").on(table.projectId, table.place, table.id)],
);

export const notices = pgTable(
  "notices",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    subjectKind: text("subject_kind").$type<Notice["subject"]["kind"]>().notNull(),
    subjectId: text("subject_id").notNull(),
    event: text("event").$type<NoticeEvent>().notNull(),
    key: text("key").notNull(),
    severity: text("severity").$type<Severity>().notNull(),
    labels: jsonb("labels").$type<AlertLabels>().notNull(),
    group: text("group").notNull(),
    title: text("title").notNull(),
    text: text("text").notNull(),
    facts: jsonb("facts").$type<{ label: string; value: string }[]>().notNull(),
    links: jsonb("links").$type<{ label: string; path: string }[]>().notNull(),
    at: time("at").notNull(),
    createdAt: time("created_at").notNull(),
    routedAt: time("routed_at"),
  },
  (table) => [
    unique().on(table.projectId, table.key),
    index("notices_newest").on(table.projectId, table.createdAt, table.id),
    index("notices_subject").on(table.projectId, table.subjectKind, table.subjectId, table.id),
    index("notices_unrouted").on(table.id).where(sql`${table.routedAt} IS NULL`),
  ],
);

/** `single`: one notice. `combined`: notices of one group. `summary`: the rest in a storm. `held`: notices of a quiet time. */
export type MessageKind = "single" | "combined" | "summary" | "held";

export const messages = pgTable(
  "notification_messages",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    channelId: text("channel_id").notNull(),
    group: text("group").notNull(),
    kind: text("kind").$type<MessageKind>().notNull(),
    reason: text("reason").$type<"route" | "follow-up" | "escalation">().notNull(),
    /** The subjects of its notices, as `kind/id`. */
    subjects: text("subjects").array().notNull(),
    state: text("state").$type<MessageState>().notNull(),
    /** When it is planned to be sent first. Until then, notices can be added. */
    dueAt: time("due_at").notNull(),
    nextTryAt: time("next_try_at").notNull(),
    attempts: integer("attempts").notNull(),
    lastError: text("last_error").notNull(),
    createdAt: time("created_at").notNull(),
    deliveredAt: time("delivered_at"),
  },
  (table) => [
    index("notification_messages_newest").on(table.projectId, table.createdAt, table.id),
    index("notification_messages_channel").on(table.channelId, table.dueAt),
    index("notification_messages_due").on(table.nextTryAt).where(sql`${table.state} = 'waiting'`),
  ],
);

export const messageNotices = pgTable(
  "notification_message_notices",
  {
    projectId: text("project_id").notNull(),
    messageId: text("message_id").notNull(),
    noticeId: text("notice_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.noticeId] }),
    index("notification_message_notices_notice").on(table.noticeId),
  ],
);

export const escalations = pgTable(
  "notification_escalations",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    routeId: text("route_id").notNull(),
    subject: text("subject").notNull(),
    noticeId: text("notice_id").notNull(),
    nextAt: time("next_at").notNull(),
  },
  (table) => [
    unique().on(table.projectId, table.routeId, table.subject),
    index("notification_escalations_due").on(table.nextAt),
  ],
);

export const inboxItems = pgTable(
  "inbox_items",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    /** Empty for an item of all members. */
    userId: text("user_id").notNull(),
    /** Items about one object are one item, which changes. */
    thread: text("thread").notNull(),
    kind: text("kind").$type<"notice" | "mention" | "delivery">().notNull(),
    severity: text("severity").$type<Severity>().notNull(),
    event: text("event").$type<NoticeEvent>(),
    title: text("title").notNull(),
    text: text("text").notNull(),
    path: text("path").notNull(),
    at: time("at").notNull(),
    /** It is unread if it was not read after this time. */
    attentionAt: time("attention_at").notNull(),
  },
  (table) => [
    unique().on(table.projectId, table.userId, table.thread),
    index("inbox_items_newest").on(table.projectId, table.at, table.id),
  ],
);

export const inboxReads = pgTable(
  "inbox_reads",
  {
    projectId: text("project_id").notNull(),
    userId: text("user_id").notNull(),
    itemId: text("item_id").notNull(),
    readAt: time("read_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.itemId] })],
);

export const inboxMarks = pgTable(
  "inbox_marks",
  {
    projectId: text("project_id").notNull(),
    userId: text("user_id").notNull(),
    readUntil: time("read_until").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.userId] })],
);

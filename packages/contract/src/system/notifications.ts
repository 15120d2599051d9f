import { z } from "zod";
import { AlertLabels, Severity } from "../observe/watch/monitors.ts";
import { Timestamp } from "../pages.ts";

export const MESSAGE_STATES = ["waiting", "delivered", "dead", "skipped"] as const;
const MessageState = z.enum(MESSAGE_STATES);
export type MessageState = z.output<typeof MessageState>;

/** One message to one channel. It carries one notice or several. */
export const NotificationMessage = z.object({
  messageId: z.string().describe("The deduplication key. It is the same for each attempt."),
  channelId: z.string(),
  channelName: z.string(),
  reason: z.enum(["route", "follow-up", "escalation"]).describe("`follow-up`: the channel got the opening."),
  isSummary: z.boolean(),
  title: z.string(),
  notices: z.number(),
  state: MessageState,
  attempts: z.number(),
  lastError: z.string(),
  nextTryAt: Timestamp.nullable(),
  createdAt: Timestamp,
  deliveredAt: Timestamp.nullable(),
});
export type NotificationMessage = z.output<typeof NotificationMessage>;

const NoticeEvent = z.enum(["opened", "escalated", "acknowledged", "resolved", "reopened", "info"]);
const pairOf = <Key extends string>(key: Key) => z.array(z.object({ label: z.string(), [key]: z.string() }));
export const NotificationNotice = z.object({
  noticeId: z.string(),
  subjectKind: z.string().describe("Such as `incident`."),
  subjectId: z.string(),
  event: NoticeEvent,
  severity: Severity,
  labels: AlertLabels,
  title: z.string(),
  text: z.string(),
  facts: pairOf("value"),
  links: pairOf("path"),
  at: Timestamp,
  createdAt: Timestamp,
});
export type NotificationNotice = z.output<typeof NotificationNotice>;

/** A notice with the messages that carry it. */
export const NoticeHistory = NotificationNotice.extend({ messages: z.array(NotificationMessage) });
export type NoticeHistory = z.output<typeof NoticeHistory>;

export const INBOX_KINDS = ["notice", "mention", "delivery"] as const;
export const InboxItem = z.object({
  itemId: z.string(),
  kind: z.enum(INBOX_KINDS),
  severity: Severity,
  event: NoticeEvent.nullable(),
  title: z.string(),
  text: z.string(),
  path: z.string().describe("The page of the subject in the web app."),
  isRead: z.boolean(),
  at: Timestamp,
});
export type InboxItem = z.output<typeof InboxItem>;

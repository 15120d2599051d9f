import { z } from "zod";
import { AlertLabels, Severity } from "../observe/watch/monitors.ts";
import { Name, Timestamp } from "../pages.ts";

export const CHANNEL_KINDS = ["webhook", "slack", "teams", "email", "pagerduty"] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

const url = z.string().trim().min(1).max(2_000);
const secretUrl = url.describe("The receiver's URL. It is a secret: it is encrypted and never returned.").optional();
const address = z.email().max(254);
const MailSecurity = z.enum(["tls", "starttls", "none"]);

const mail = {
  host: z.string().trim().min(1).max(253).describe("The SMTP server."),
  port: z.number().int().min(1).max(65_535).default(587),
  security: MailSecurity.default("starttls").describe("`tls` from the first byte, `starttls` required, or `none`."),
  username: z.string().max(320).default("").describe("Empty if the server needs no sign-in."),
  from: address.describe("The sender."),
  to: z.array(address).min(1).max(20),
};
export const PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";

/** Where a channel sends to, with its secrets. An update without a secret retains the stored secret. */
export const ChannelTarget = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("webhook"),
    url,
    secret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, "must be whsec_ and 24 to 64 bytes in base64")
      .optional()
      .describe("Signs each request. Created if omitted."),
  }),
  z.strictObject({ kind: z.literal("slack"), url: secretUrl }),
  z.strictObject({ kind: z.literal("teams"), url: secretUrl }),
  z.strictObject({ kind: z.literal("email"), ...mail, password: z.string().min(1).max(1_000).optional() }),
  z.strictObject({
    kind: z.literal("pagerduty"),
    url: url.default(PAGERDUTY_URL).describe("The Events API v2 of the region."),
    routingKey: z.string().trim().min(1).max(200).optional().describe("The integration key."),
  }),
]);
export type ChannelTarget = z.output<typeof ChannelTarget>;

/** The settings of a channel that are not secret. */
export const ChannelSettings = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("webhook"), url: z.string(), secrets: z.number().describe("How many secrets sign now.") }),
  z.object({ kind: z.literal("slack"), host: z.string() }),
  z.object({ kind: z.literal("teams"), host: z.string() }),
  z.object({ kind: z.literal("email"), ...mail, hasPassword: z.boolean() }),
  z.object({ kind: z.literal("pagerduty"), url: z.string() }),
]);
export type ChannelSettings = z.output<typeof ChannelSettings>;

const perMinute = z
  .number()
  .int()
  .min(1)
  .max(60)
  .describe("More messages in a minute are combined into one summary. PagerDuty is exempt.");

export const NotificationChannel = z.object({
  channelId: z.string(),
  name: z.string(),
  settings: ChannelSettings,
  perMinute: z.number(),
  isEnabled: z.boolean(),
  disabledReason: z.string().describe("Why the server disabled the channel. Empty if it did not."),
  waiting: z.number().describe("The number of messages that wait for delivery."),
  dead: z.number().describe("The number of messages that could not be delivered."),
  lastDeliveredAt: Timestamp.nullable(),
  lastError: z.string().describe("Why the last attempt failed. Empty if it succeeded."),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type NotificationChannel = z.output<typeof NotificationChannel>;

export const ChannelInput = z.strictObject({
  name: Name,
  target: ChannelTarget,
  perMinute: perMinute.default(10),
  isEnabled: z.boolean().default(true),
});
export type ChannelInput = z.output<typeof ChannelInput>;
export const ChannelPatch = z.strictObject({
  name: Name.optional(),
  target: ChannelTarget.optional(),
  perMinute: perMinute.optional(),
  isEnabled: z.boolean().optional(),
});
export type ChannelPatch = z.output<typeof ChannelPatch>;

/** A channel with the signing secret that was created for it. It is returned this one time. */
export const ChannelWithSecret = NotificationChannel.extend({
  secret: z.string().nullable().describe("The new signing secret of a webhook. It is never returned again."),
});
export type ChannelWithSecret = z.output<typeof ChannelWithSecret>;

/** The receiver's answer to a test message. */
export const ChannelTest = z.object({ isDelivered: z.boolean(), message: z.string() });
export type ChannelTest = z.output<typeof ChannelTest>;

export const LabelMatcher = z.strictObject({
  label: z.string().trim().min(1).max(60).describe("`subject` is the kind of the subject, such as `incident`."),
  isNot: z.boolean().default(false),
  value: z.string().max(200).describe("`*` stands for any text. A missing label is empty."),
});
export type LabelMatcher = z.output<typeof LabelMatcher>;

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 22:00");

/** Messages wait until the quiet time ends, and are then combined. */
export const QuietTimes = z.strictObject({
  timeZone: z
    .string()
    .min(1)
    .max(60)
    .refine(isTimeZone, "must be a time zone such as Europe/Berlin")
    .describe("An IANA name."),
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7).describe("The days on which the quiet time begins."),
  from: clockTime,
  to: clockTime.describe("On the next day if it is not after `from`."),
  criticalPasses: z.boolean().default(true),
});
export type QuietTimes = z.output<typeof QuietTimes>;

const channelIds = z.array(z.string().max(100)).max(10);
const waitMinutes = z.number().int().min(1).max(10_080);
export const Escalation = z.strictObject({
  afterMinutes: waitMinutes.describe("Without acknowledgement."),
  channelIds: channelIds.min(1),
  repeatMinutes: waitMinutes.nullable().default(null).describe("Until acknowledged or resolved. Null for once."),
});
export type Escalation = z.output<typeof Escalation>;

const routeShape = {
  name: Name,
  severities: z.array(Severity).min(1).max(3),
  matchers: z.array(LabelMatcher).max(10).describe("All must match."),
  channelIds,
  continues: z.boolean().describe("Whether the routes after it are used too."),
  quiet: QuietTimes.nullable(),
  escalation: Escalation.nullable(),
  isEnabled: z.boolean(),
};
export const NotificationRoute = z.object({ routeId: z.string(), ...routeShape, updatedAt: Timestamp });
export type NotificationRoute = z.output<typeof NotificationRoute>;
export const RouteInput = z.strictObject({
  ...routeShape,
  severities: routeShape.severities.default(["info", "warning", "critical"]),
  matchers: routeShape.matchers.default([]),
  continues: routeShape.continues.default(false),
  quiet: routeShape.quiet.default(null),
  escalation: routeShape.escalation.default(null),
  isEnabled: routeShape.isEnabled.default(true),
});
export type RouteInput = z.output<typeof RouteInput>;
export const RoutePatch = z.strictObject({
  name: Name.optional(),
  severities: routeShape.severities.optional(),
  matchers: routeShape.matchers.optional(),
  channelIds: routeShape.channelIds.optional(),
  continues: routeShape.continues.optional(),
  quiet: routeShape.quiet.optional(),
  escalation: routeShape.escalation.optional(),
  isEnabled: routeShape.isEnabled.optional(),
});
export type RoutePatch = z.output<typeof RoutePatch>;

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

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

import { z } from "zod";
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

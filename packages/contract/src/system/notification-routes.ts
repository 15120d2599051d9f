import { z } from "zod";
import { Severity } from "../observe/watch/monitors.ts";
import { Name, Timestamp } from "../pages.ts";

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
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1, "choose at least one day")
    .max(7)
    .describe("The days on which the quiet time begins."),
  from: clockTime,
  to: clockTime.describe("On the next day if it is not after `from`."),
  criticalPasses: z.boolean().default(true),
});
export type QuietTimes = z.output<typeof QuietTimes>;

const channelIds = z.array(z.string().max(100)).max(10);
const waitMinutes = z.number().int().min(1).max(10_080);
export const Escalation = z.strictObject({
  afterMinutes: waitMinutes.describe("Without acknowledgement."),
  channelIds: channelIds.min(1, "choose at least one channel"),
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

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

import { z } from "zod";
import { Done, Name, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

/** What a limit counts. `concurrency`: calls that run at the same time. */
export const LIMIT_MEASURES = ["requests", "tokens", "cost", "concurrency"] as const;
export type LimitMeasure = (typeof LIMIT_MEASURES)[number];
/** Per minute and hour an amount refills evenly; per day and month it starts again with the calendar. */
export const LIMIT_WINDOWS = ["minute", "hour", "day", "month"] as const;
export type LimitWindow = (typeof LIMIT_WINDOWS)[number];
/** Whose calls a limit counts together. */
export const LIMIT_SCOPES = ["project", "key", "user", "tag", "endpoint", "variant", "provider"] as const;
export type LimitScope = (typeof LIMIT_SCOPES)[number];
export const UNKNOWN_PRICES = ["reject", "zero", "default"] as const;

/** A trillion: more tokens than any project uses in a month. */
const MOST_AMOUNT = 1_000_000_000_000;

const measure = z.enum(LIMIT_MEASURES);
const window = z
  .enum(LIMIT_WINDOWS)
  .nullable()
  .describe("The period. Null for `concurrency`, and for no other measure.");
const amount = z.number().gt(0).max(MOST_AMOUNT).describe("Requests, tokens, US dollars or calls at the same time.");
const burst = z
  .number()
  .gt(0)
  .max(MOST_AMOUNT)
  .nullable()
  .describe("Per minute or hour: the most that can be used at the same moment. Null is the amount itself.");
const scope = z.enum(LIMIT_SCOPES);
const value = z
  .string()
  .min(1)
  .max(500)
  .nullable()
  .describe(
    "An API key id, a user id, a tag, the name of an endpoint, `endpoint/variant`, or the slug of a connection. Null applies the limit to each value separately.",
  );
const timeZone = z.string().min(1).max(60).describe("An IANA time zone, such as `Europe/Berlin`, for day and month.");
const action = z.enum(["reject", "warn"]).describe("`warn` only counts and reports. It rejects nothing.");
const unknownPrice = z
  .enum(UNKNOWN_PRICES)
  .describe(
    "For a cost limit, when no table has the price of the model: reject the call, count it as 0, or use the default price.",
  );
const defaultPrice = z
  .number()
  .min(0)
  .max(1_000_000)
  .nullable()
  .describe("US dollars per million tokens, for `unknownPrice: default`.");
const warnAt = z
  .array(z.number().int().min(1).max(100))
  .max(10)
  .describe("Percentages at which the limit is reported.");
const exempt = z
  .array(z.string().min(1).max(500))
  .max(1_000)
  .describe("Ids of API keys and users that the limit leaves out. Nobody else is exempt, owners included.");
const isEnabled = z.boolean();
const queueSeconds = z
  .number()
  .int()
  .min(0)
  .max(60)
  .describe(
    "How long a call waits for its turn before the limit rejects it. 0 rejects it immediately. Only per minute and for `concurrency`.",
  );

export const LimitInput = z.strictObject({
  name: Name,
  measure,
  window: window.default(null),
  amount,
  burst: burst.default(null),
  scope: scope.default("project"),
  value: value.default(null),
  timeZone: timeZone.default("UTC"),
  action: action.default("reject"),
  unknownPrice: unknownPrice.default("zero"),
  defaultPriceUsdPerMillion: defaultPrice.default(null),
  warnAt: warnAt.default([50, 80, 95]),
  exempt: exempt.default([]),
  queueSeconds: queueSeconds.default(0),
  isEnabled: isEnabled.default(true),
});
export type LimitInput = z.output<typeof LimitInput>;

export const LimitPatch = z.strictObject({
  name: Name.optional(),
  amount: amount.optional(),
  burst: burst.optional(),
  timeZone: timeZone.optional(),
  action: action.optional(),
  unknownPrice: unknownPrice.optional(),
  defaultPriceUsdPerMillion: defaultPrice.optional(),
  warnAt: warnAt.optional(),
  exempt: exempt.optional(),
  queueSeconds: queueSeconds.optional(),
  isEnabled: isEnabled.optional(),
});
export type LimitPatch = z.output<typeof LimitPatch>;

/** How much of a limit one value of its scope has used. */
export const LimitUsage = z.object({
  value: z.string().describe("The value of the scope. Empty for the project."),
  used: z.number().describe("In the current period. Per minute or hour, what has not refilled yet."),
  reserved: z.number().describe("Held by calls that are running. It is part of `used` per minute and hour."),
  remaining: z.number(),
  percent: z.number().describe("The used and reserved share of the limit."),
  resetsAt: Timestamp.nullable().describe("When all of it is available again. Null for `concurrency`."),
  unpriced: z.number().describe("The calls of this period whose price is unknown. They were counted as 0."),
  waiting: z.number().describe("The calls that wait for their turn now. 0 without `queueSeconds`."),
});
export type LimitUsage = z.infer<typeof LimitUsage>;

export const Limit = z.object({
  limitId: z.string(),
  name: z.string(),
  measure,
  window,
  amount: z.number(),
  burst: z.number().nullable(),
  scope,
  value,
  timeZone: z.string(),
  action,
  unknownPrice,
  defaultPriceUsdPerMillion: z.number().nullable(),
  warnAt: z.array(z.number()),
  exempt: z.array(z.string()),
  queueSeconds,
  isEnabled,
  usage: z.array(LimitUsage).describe("The ten values that are closest to the limit."),
  values: z.number().describe("The number of values with usage."),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Limit = z.infer<typeof Limit>;

const one = z.object({ limitId: z.string() });

export const limitsApi = defineApi({
  "GET /api/v1/limits": {
    name: "listLimits",
    summary: "The project's limits with their current usage",
    permission: "limits:read",
    response: pageOf(Limit),
  },
  "POST /api/v1/limits": {
    name: "createLimit",
    summary: "Create a limit; a daily or monthly limit includes the usage since the period began",
    permission: "limits:write",
    body: LimitInput,
    example: { name: "Monthly budget", measure: "cost", window: "month", amount: 500 },
    response: Limit,
    status: 201,
  },
  "GET /api/v1/limits/:limitId": {
    name: "getLimit",
    summary: "One limit with its current usage",
    permission: "limits:read",
    params: one,
    response: Limit,
  },
  "PATCH /api/v1/limits/:limitId": {
    name: "updateLimit",
    summary: "Change a limit; the usage so far still counts",
    permission: "limits:write",
    params: one,
    body: LimitPatch,
    response: Limit,
  },
  "DELETE /api/v1/limits/:limitId": {
    name: "deleteLimit",
    summary: "Delete a limit",
    permission: "limits:write",
    params: one,
    response: Done,
  },
  "GET /api/v1/limits/:limitId/usage": {
    name: "listLimitUsage",
    summary: "The usage of a limit by value",
    permission: "limits:read",
    params: one,
    query: PageQuery,
    response: pageOf(LimitUsage),
  },
  "POST /api/v1/limits/:limitId/recompute": {
    name: "recomputeLimit",
    summary: "Count a daily or monthly limit again from the ledger, at today's prices",
    permission: "limits:write",
    description: "Use this after a price was corrected. Only the current period changes.",
    params: one,
    response: Limit,
  },
});

import { z } from "zod";
import { FilterText } from "../observe/traces.ts";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { GuardAction, GuardNotScanned, GuardScope, GuardTrust, guardRules } from "./guard-policies.ts";
import { GuardFinding } from "./guards.ts";

/** The most calls that a preview reads. */
export const MOST_PREVIEWED = 20_000;
/** Results are stored for this many days. */
export const PREVIEW_DAYS = 30;

const count = z.number();
const share = z.number().nullable();

/** A count with its share. */
export const GuardShare = z
  .object({
    count,
    of: count,
    share: share.describe("Null if `of` is 0."),
    low: share.describe("With `high`, the 95 % Wilson interval. Null for a complete count."),
    high: share,
  })
  .describe("A count and its share.");
export type GuardShare = z.infer<typeof GuardShare>;

/** The calls whose strongest action is this one. */
export const GuardActionShare = z.object({ action: GuardAction, calls: GuardShare });

/** Calls with something in common, such as a day. */
export const GuardPreviewGroup = z.object({
  name: z.string(),
  read: count,
  actions: z.array(GuardActionShare),
});
export type GuardPreviewGroup = z.infer<typeof GuardPreviewGroup>;

/** A finding in a stored call. It never holds the value. */
export const GuardExample = GuardFinding.extend({
  traceId: z.string(),
  spanId: z.string(),
  source: GuardTrust,
  path: z.string().describe("The place of the text in the span."),
});
export type GuardExample = z.infer<typeof GuardExample>;

/** What the rules would have done. */
export const GuardPreviewResult = z.object({
  matching: count,
  read: count,
  isSample: z.boolean().describe("Whether a random sample was read."),
  withoutText: count.describe("Calls whose content is not stored."),
  alreadyChanged: count.describe(
    "Calls that a guard changed before they were stored. What it removed cannot be found.",
  ),
  texts: count,
  affected: GuardShare.describe("The calls that would have been changed or blocked."),
  actions: z.array(GuardActionShare),
  byRule: z.array(
    z.object({
      rule: count,
      detector: z.string(),
      action: GuardAction,
      calls: GuardShare,
      findings: count,
      notScanned: count.describe("Texts."),
    }),
  ),
  byKind: z.array(z.object({ detector: z.string(), kind: z.string(), calls: GuardShare, findings: count })),
  byEndpoint: z.array(GuardPreviewGroup).describe("Empty for calls without an endpoint."),
  byDay: z.array(GuardPreviewGroup).describe("Days in UTC."),
  byLanguage: z.array(GuardPreviewGroup).describe("`und` if the language is unknown."),
  notScanned: z.array(z.object({ reason: GuardNotScanned, texts: count, calls: count })),
  examples: z.array(GuardExample).describe("Up to 50 findings of each rule, newest calls first."),
});
export type GuardPreviewResult = z.infer<typeof GuardPreviewResult>;

export const GuardPreviewInput = z.strictObject({
  policyId: z.string().max(100).optional().describe("A stored policy."),
  version: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe("A version of the policy. The current one if omitted."),
  rules: guardRules.optional().describe("Rules that are not stored, instead of the rules of the policy."),
  appliesTo: GuardScope.optional().describe("The calls to read. By default, the calls of the policy, or all calls."),
  filter: FilterText.default("").describe("A filter of spans, such as `model:gpt-4o`. Empty for all calls."),
  days: z.number().int().min(1).max(30).default(7).describe("How many days to look back."),
  sampleSize: z
    .number()
    .int()
    .min(1)
    .max(MOST_PREVIEWED)
    .default(MOST_PREVIEWED)
    .describe("If more calls match, a random sample of this size is read."),
});

export const GuardPreview = z.object({
  previewId: z.string(),
  policyId: z.string().nullable(),
  version: z.number().int().nullable(),
  rules: guardRules,
  appliesTo: GuardScope,
  filter: z.string(),
  sampleSize: z.number(),
  from: Timestamp,
  to: Timestamp,
  state: z.enum(["running", "done", "failed", "cancelled"]),
  error: z.string().nullable(),
  jobId: z.string().describe("The job with the progress."),
  createdBy: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  affected: GuardShare.nullable().describe("Of the result, also in lists."),
  result: GuardPreviewResult.nullable().describe("Null in lists, and until the job is done."),
});
export type GuardPreview = z.infer<typeof GuardPreview>;

const params = z.object({ previewId: z.string() });

export const guardPreviewsApi = defineApi({
  "GET /api/v1/guard-previews": {
    name: "listGuardPreviews",
    summary: "The previews of guards, newest first, without their results",
    permission: "guards:read",
    query: PageQuery.extend({ policyId: z.string().max(100).optional() }),
    response: pageOf(GuardPreview),
  },
  "POST /api/v1/guard-previews": {
    name: "createGuardPreview",
    summary: "Start a preview: what rules would have done to the stored calls of the gateway",
    description:
      "Also needs `traces:read`. No model is called, and no call is changed. The result has places and never values. It is stored for 30 days.",
    permission: "guards:write",
    content: "required",
    body: GuardPreviewInput,
    example: { rules: [{ detector: "secrets", action: "block" }], days: 7 },
    response: GuardPreview,
    status: 202,
  },
  "GET /api/v1/guard-previews/:previewId": {
    name: "getGuardPreview",
    summary: "One preview of guards with its result",
    permission: "guards:read",
    params,
    response: GuardPreview,
  },
  "DELETE /api/v1/guard-previews/:previewId": {
    name: "deleteGuardPreview",
    summary: "Delete a preview of guards; a running one is cancelled",
    permission: "guards:write",
    params,
    response: Done,
  },
});

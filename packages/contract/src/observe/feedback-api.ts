import { z } from "zod";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { FEEDBACK_LIMITS, Feedback, FeedbackInput, FeedbackTarget, PublicFeedbackInput } from "./feedback.ts";
import { FEEDBACK_SIGNALS, FEEDBACK_SOURCES } from "./feedback-words.ts";
import { ScoreName } from "./score-configs.ts";

const at = z.iso.datetime({ offset: true });

/** What a list of feedback can be narrowed by; all of it together. */
export const FeedbackFilter = z.object({
  name: z.string().max(200).optional(),
  value: z.string().max(200).optional().describe("A number, `true`, `false`, or the name of a category."),
  min: z.coerce.number().optional().describe("The lowest number."),
  max: z.coerce.number().optional(),
  userId: z.string().max(500).optional(),
  traceId: z.string().max(64).optional(),
  spanId: z.string().max(32).optional(),
  sessionId: z.string().max(500).optional(),
  inSession: z.string().max(500).optional().describe("The feedback on a session and on its traces."),
  source: z.enum(FEEDBACK_SOURCES).optional(),
  signal: z.enum(FEEDBACK_SIGNALS).optional(),
  has: z.enum(["comment", "correction", "expectedOutput", "value"]).optional(),
  consent: z.stringbool().optional(),
  search: z
    .string()
    .max(200)
    .optional()
    .describe("Text to find in comments, corrections and names. Case does not matter."),
  from: at.optional(),
  to: at.optional(),
});
export type FeedbackFilter = z.output<typeof FeedbackFilter>;

/** What became of feedback that was sent. */
export const FeedbackReceipt = z.object({
  feedbackId: z.string(),
  state: z
    .enum(["kept", "waiting"])
    .describe("`waiting`: the target has not been recorded yet. The feedback appears there later."),
  isRepeat: z.boolean().describe("The same feedback was sent before and is stored once."),
});
export type FeedbackReceipt = z.infer<typeof FeedbackReceipt>;

export const FeedbackResult = z.object({
  feedback: FeedbackReceipt.nullable(),
  error: z
    .object({ code: z.string(), message: z.string(), details: z.unknown() })
    .nullable()
    .describe("Why this entry was rejected. The other entries are stored."),
});
export type FeedbackResult = z.infer<typeof FeedbackResult>;

export const FeedbackSettings = z.strictObject({
  isStrict: z.boolean().describe("Accept only names that have a score configuration."),
  defaultConsent: z.boolean().describe("Whether models may be trained on feedback that does not specify this."),
});
export type FeedbackSettings = z.output<typeof FeedbackSettings>;

export const FeedbackTokenInput = z.strictObject({
  target: FeedbackTarget,
  names: z
    .array(ScoreName)
    .max(50)
    .default([])
    .describe("The names of feedback that the token allows. Empty for every name."),
  userId: z.string().max(500).default("").describe("The end user to whom the feedback belongs."),
  expiresInSeconds: z
    .number()
    .int()
    .min(10)
    .max(7 * 86_400)
    .default(3_600),
  perMinute: z.number().int().min(1).max(600).default(20).describe("The maximum number of uses per minute."),
});
export type FeedbackTokenInput = z.output<typeof FeedbackTokenInput>;

const one = z.object({ feedbackId: z.string().max(120) });

export const feedbackApi = defineApi({
  "POST /api/v1/feedback": {
    name: "giveFeedback",
    summary: "Store one person's feedback on a trace, a span, a session or an answer",
    permission: "feedback:write",
    description:
      "The response comes after the feedback is on disk. When the same person gives feedback of the same name on the same target again, the newest replaces the earlier one. Feedback can come before its trace; its state is `waiting` until then.",
    body: FeedbackInput,
    example: {
      target: { traceId: "0af7651916cd43dd8448eb211c80319c" },
      name: "helpful",
      value: true,
      comment: "Solved my problem",
    },
    response: FeedbackReceipt,
    status: 201,
  },
  "POST /api/v1/feedback/batch": {
    name: "giveFeedbackBatch",
    summary: "Store up to 1,000 feedback entries, each with a separate result",
    permission: "feedback:write",
    description: "An invalid entry does not affect the others. `results` says what became of each entry.",
    body: z.strictObject({ items: z.array(z.unknown()).min(1).max(FEEDBACK_LIMITS.batch) }),
    example: { items: [{ target: { traceId: "0af7651916cd43dd8448eb211c80319c" }, name: "helpful", value: true }] },
    response: z.object({ kept: z.number(), refused: z.number(), results: z.array(FeedbackResult) }),
    creates: true,
  },
  "GET /api/v1/feedback": {
    name: "listFeedback",
    summary: "Feedback by filter, newest first",
    permission: "feedback:read",
    query: PageQuery.extend(FeedbackFilter.shape),
    response: pageOf(Feedback),
  },
  "GET /api/v1/feedback/:feedbackId": {
    name: "getFeedback",
    summary: "One feedback entry, and the entries it replaced",
    permission: "feedback:read",
    params: one,
    response: Feedback.extend({
      isCurrent: z.boolean().describe("False if it was replaced or withdrawn."),
      isRetracted: z.boolean(),
      history: z
        .array(Feedback)
        .describe("All entries of this person with this name and target, newest first. Includes this entry."),
    }),
  },
  "DELETE /api/v1/feedback/:feedbackId": {
    name: "retractFeedback",
    summary: "Withdraw feedback; it no longer counts and remains in the history",
    permission: "feedback:write",
    params: one,
    response: Done,
  },
  "GET /api/v1/feedback-settings": {
    name: "getFeedbackSettings",
    summary: "The feedback settings of the project",
    permission: "feedback:read",
    response: FeedbackSettings,
  },
  "PUT /api/v1/feedback-settings": {
    name: "updateFeedbackSettings",
    summary: "Change the feedback settings of the project",
    permission: "feedback:write",
    body: FeedbackSettings,
    response: FeedbackSettings,
  },
  "POST /api/v1/feedback-tokens": {
    name: "createFeedbackToken",
    summary: "Create a short-lived token with which an end user's browser can give feedback on one target",
    permission: "feedback:write",
    description:
      "Create a token on your server and give it to the page, so that the page never has an API key. By default a token can be used 20 times a minute.",
    body: FeedbackTokenInput,
    example: { target: { traceId: "0af7651916cd43dd8448eb211c80319c" } },
    response: z.object({ token: z.string(), expiresAt: Timestamp }),
    status: 201,
  },
  "POST /api/v1/public/feedback": {
    name: "givePublicFeedback",
    summary: "Give feedback with a token, from any page and without an API key",
    permission: "public",
    description:
      "Pages of any site can call this. It takes no cookie. An address can send 600 requests a minute, and by default a token can be used 20 times a minute.",
    origins: "any",
    body: PublicFeedbackInput,
    example: { token: "eyJ0cmFjZUlkIjoi", name: "helpful", value: false, comment: "The link is broken" },
    response: FeedbackReceipt,
    status: 201,
  },
});

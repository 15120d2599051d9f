import { z } from "zod";
import { FEEDBACK_LIMITS, Feedback, FeedbackInput, FeedbackTarget, PublicFeedbackInput } from "./feedback.ts";
import { FEEDBACK_SIGNALS, FEEDBACK_SOURCES } from "./feedback-words.ts";
import { Done, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";
import { ScoreName } from "./score-configs.ts";

const at = z.iso.datetime({ offset: true });

/** What a list of feedback can be narrowed by; all of it together. */
export const FeedbackFilter = z.object({
  name: z.string().max(200).optional(),
  value: z.string().max(200).optional().describe("A number, `true`, `false`, or a category's word."),
  min: z.coerce.number().optional().describe("Numbers from here on."),
  max: z.coerce.number().optional(),
  userId: z.string().max(500).optional(),
  traceId: z.string().max(64).optional(),
  spanId: z.string().max(32).optional(),
  sessionId: z.string().max(500).optional(),
  inSession: z.string().max(500).optional().describe("A session: what was given on it, and on its traces."),
  source: z.enum(FEEDBACK_SOURCES).optional(),
  signal: z.enum(FEEDBACK_SIGNALS).optional(),
  has: z.enum(["comment", "correction", "expectedOutput", "value"]).optional(),
  consent: z.stringbool().optional(),
  search: z.string().max(200).optional().describe("Text in comments, corrections and names, without regard to case."),
  from: at.optional(),
  to: at.optional(),
});
export type FeedbackFilter = z.output<typeof FeedbackFilter>;

/** What became of feedback that was sent. */
export const FeedbackReceipt = z.object({
  feedbackId: z.string(),
  state: z
    .enum(["kept", "waiting"])
    .describe("`waiting`: what it is about has yet to be recorded; it is shown there then."),
  isRepeat: z.boolean().describe("The same had been sent before, and is there once."),
});
export type FeedbackReceipt = z.infer<typeof FeedbackReceipt>;

export const FeedbackResult = z.object({
  feedback: FeedbackReceipt.nullable(),
  error: z
    .object({ code: z.string(), message: z.string(), details: z.unknown() })
    .nullable()
    .describe("Why this one was not kept; the others were."),
});
export type FeedbackResult = z.infer<typeof FeedbackResult>;

export const FeedbackSettings = z.strictObject({
  isStrict: z.boolean().describe("Only names that have a score configuration are taken."),
  defaultConsent: z.boolean().describe("Whether models may be trained on feedback that does not say."),
});
export type FeedbackSettings = z.output<typeof FeedbackSettings>;

export const FeedbackTokenInput = z.strictObject({
  target: FeedbackTarget,
  names: z.array(ScoreName).max(50).default([]).describe("What may be given with it; empty for every name."),
  userId: z.string().max(500).default("").describe("Whom the feedback will be of."),
  expiresInSeconds: z
    .number()
    .int()
    .min(10)
    .max(7 * 86_400)
    .default(3_600),
  perMinute: z.number().int().min(1).max(600).default(20).describe("How often it may be used in a minute."),
});
export type FeedbackTokenInput = z.output<typeof FeedbackTokenInput>;

const one = z.object({ feedbackId: z.string().max(120) });

export const feedbackApi = defineApi({
  "POST /api/v1/feedback": {
    name: "giveFeedback",
    summary: "Keep one person's feedback on a trace, a span, a session or an answer",
    permission: "feedback:write",
    body: FeedbackInput,
    response: FeedbackReceipt,
    status: 201,
  },
  "POST /api/v1/feedback/batch": {
    name: "giveFeedbackBatch",
    summary: "Keep up to 1,000 pieces of feedback, each with its own result",
    permission: "feedback:write",
    body: z.strictObject({ items: z.array(z.unknown()).min(1).max(FEEDBACK_LIMITS.batch) }),
    response: z.object({ kept: z.number(), refused: z.number(), results: z.array(FeedbackResult) }),
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
    summary: "One piece of feedback, and what it replaced",
    permission: "feedback:read",
    params: one,
    response: Feedback.extend({
      isCurrent: z.boolean().describe("False when it was replaced or taken back."),
      isRetracted: z.boolean(),
      history: z.array(Feedback).describe("All that the person said here, the newest first; this one too."),
    }),
  },
  "DELETE /api/v1/feedback/:feedbackId": {
    name: "retractFeedback",
    summary: "Take feedback back; it counts no more and stays in the history",
    permission: "feedback:write",
    params: one,
    response: Done,
  },
  "GET /api/v1/feedback-settings": {
    name: "getFeedbackSettings",
    summary: "What the project takes as feedback",
    permission: "feedback:read",
    response: FeedbackSettings,
  },
  "PUT /api/v1/feedback-settings": {
    name: "updateFeedbackSettings",
    summary: "Say what the project takes as feedback",
    permission: "feedback:write",
    body: FeedbackSettings,
    response: FeedbackSettings,
  },
  "POST /api/v1/feedback-tokens": {
    name: "createFeedbackToken",
    summary: "A short-lived token with which an end user's browser may give feedback on one thing",
    permission: "feedback:write",
    body: FeedbackTokenInput,
    response: z.object({ token: z.string(), expiresAt: Timestamp }),
    status: 201,
  },
  "POST /api/v1/public/feedback": {
    name: "givePublicFeedback",
    summary: "Give feedback with a token, from any page and without a key",
    permission: "public",
    origins: "any",
    body: PublicFeedbackInput,
    response: FeedbackReceipt,
    status: 201,
  },
});

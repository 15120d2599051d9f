import { z } from "zod";
import { MOST_INTEGER } from "../../numbers.ts";
import { PageQuery, pageOf, Timestamp } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import { AnnotationField, AnnotationSuggestion } from "./content.ts";
import { AnnotationValues } from "./questions.ts";
import { ITEM_STATUSES } from "./statuses.ts";

export const ANSWER_STATUSES = ["submitted", "draft", "skipped", "discarded", "flagged"] as const;
export type AnnotationAnswerStatus = (typeof ANSWER_STATUSES)[number];

const ClientId = z
  .string()
  .regex(/^[\w.:-]{8,80}$/, "use 8 to 80 letters, digits, dots, colons, hyphens and underscores");

/** An item that is leased to one annotator. It does not reveal its source or whether it is a test. */
export const LeasedItem = z.object({
  leaseId: z.string(),
  itemId: z.string(),
  queueId: z.string(),
  expiresAt: Timestamp,
  isContentHidden: z.boolean().optional(),
  content: z.object({
    fields: z.array(AnnotationField),
    candidates: z
      .array(z.object({ key: z.string(), fields: z.array(AnnotationField) }))
      .describe(
        "In a random order for each person. The keys are `left` and `right` for two candidates, otherwise `1`, `2` and so on.",
      ),
  }),
  questionsVersion: z.number(),
  guidelineVersion: z.number(),
  draft: z
    .object({ answers: AnnotationValues, comment: z.string(), msActive: z.number(), savedAt: Timestamp })
    .nullable(),
  suggestion: AnnotationSuggestion.nullable().describe("Set only if the queue shows suggestions before the answer."),
  source: z
    .object({ traceId: z.string().nullable(), spanId: z.string().nullable(), sessionId: z.string().nullable() })
    .nullable()
    .describe("Null in a blind queue."),
  commentCount: z.number(),
});
export type LeasedItem = z.infer<typeof LeasedItem>;

export const NextItemsInput = z.strictObject({
  count: z.number().int().min(1).max(10).default(1).describe("The maximum number of items to assign."),
  holding: z
    .array(z.string().max(80))
    .max(50)
    .default([])
    .describe("Leases that the caller holds already. They are renewed and not assigned again."),
});
export type NextItemsInput = z.output<typeof NextItemsInput>;

/** An annotator's answer to an item. */
export const AnnotationAnswerInput = z.strictObject({
  clientId: ClientId.optional().meta({
    description:
      "Deprecated: send the header `Idempotency-Key`. An id that the caller creates for each answer. Sending the same answer again changes nothing.",
    deprecated: true,
  }),
  status: z
    .enum(ANSWER_STATUSES)
    .describe(
      "submitted: an answer. draft: stored, and the lease continues. skipped: another person should answer. discarded: no one can answer this item. flagged: something is wrong with the item, and a reviewer checks it.",
    ),
  answers: AnnotationValues.default({}),
  comment: z.string().max(20_000).default(""),
  msActive: z.number().int().min(0).max(86_400_000).default(0).describe("Milliseconds of active time."),
  clientVersion: z.string().max(60).default(""),
  next: NextItemsInput.optional().describe(
    "Requests the next items together with the answer, which saves a request. It is not part of the answer.",
  ),
});
export type AnnotationAnswerInput = z.output<typeof AnnotationAnswerInput>;

export const MyProgress = z.object({
  submitted: z.number(),
  skipped: z.number(),
  discarded: z.number(),
  flagged: z.number(),
  medianMs: z.number().nullable().describe("Active time per answer, over the last hundred answers."),
});
export type MyProgress = z.infer<typeof MyProgress>;

export const NextItems = z.object({
  items: z.array(LeasedItem).describe("Fewer than requested, or none, if the queue has no more items for the caller."),
  mine: MyProgress,
});
export type NextItems = z.infer<typeof NextItems>;

/** A kept answer. Answers are never changed: another one supersedes them. */
export const AnnotationAnswer = z.object({
  answerId: z.string(),
  itemId: z.string(),
  queueId: z.string(),
  annotator: z.object({ actorId: z.string(), name: z.string() }),
  status: z.enum([...ANSWER_STATUSES, "undone"]),
  answers: AnnotationValues.describe("Pairwise and ranking answers name candidates, not sides."),
  comment: z.string(),
  order: z.array(z.string()).describe("The candidates in the order shown, from left to right."),
  questionsVersion: z.number(),
  guidelineVersion: z.number(),
  msActive: z.number(),
  isSuggestionShown: z.boolean().describe("Whether the annotator saw a judge's answer before this answer."),
  clientVersion: z.string(),
  supersedes: z.string().nullable(),
  isCurrent: z.boolean(),
  createdAt: Timestamp,
});
export type AnnotationAnswer = z.infer<typeof AnnotationAnswer>;

export const AnsweredItem = z.object({
  answer: AnnotationAnswer,
  suggestion: AnnotationSuggestion.nullable().describe(
    "Shown after the annotator's answer, if the queue's settings say so.",
  ),
  undoUntil: Timestamp.nullable(),
  mine: MyProgress,
  next: NextItems.nullable().describe(
    "Null if not requested, or if no item is available without a wait. Then call the queue's `next` endpoint.",
  ),
});
export type AnsweredItem = z.infer<typeof AnsweredItem>;

export const AdjudicationInput = z.strictObject({
  answers: AnnotationValues.describe("Pairwise and ranking answers name candidates by their ids."),
  reason: z.string().max(20_000).default(""),
  seenVersion: z
    .number()
    .int()
    .min(0)
    .max(MOST_INTEGER)
    .describe("The version that the caller saw, or 0 for none. If there is a newer version, nothing changes."),
});
export type AdjudicationInput = z.output<typeof AdjudicationInput>;

export const Adjudication = z.object({
  itemId: z.string(),
  version: z.number(),
  answers: AnnotationValues,
  reason: z.string(),
  by: z.object({ actorId: z.string(), name: z.string() }),
  createdAt: Timestamp,
});
export type Adjudication = z.infer<typeof Adjudication>;

export const AnnotationComment = z.object({
  commentId: z.string(),
  itemId: z.string(),
  text: z.string(),
  author: z.object({ actorId: z.string(), name: z.string() }),
  isOwn: z.boolean(),
  createdAt: Timestamp,
});
export type AnnotationComment = z.infer<typeof AnnotationComment>;

const queue = z.object({ queueId: z.string().max(80) });
const lease = z.object({ leaseId: z.string().max(80) });
const item = z.object({ itemId: z.string().max(80) });
const leaseIds = z.array(z.string().max(80)).min(1).max(50);

export const annotationAnswersApi = defineApi({
  "POST /api/v1/annotation-queues/:queueId/next": {
    name: "nextAnnotationItems",
    summary: "Lease the next items to answer",
    permission: "annotation:write",
    params: queue,
    body: NextItemsInput,
    example: { count: 3 },
    response: NextItems,
  },
  "POST /api/v1/annotation-queues/:queueId/heartbeat": {
    name: "keepAnnotationLeases",
    summary: "Renew the leases of items",
    permission: "annotation:write",
    params: queue,
    body: z.strictObject({ leaseIds }),
    response: z.object({
      kept: z.array(z.object({ leaseId: z.string(), expiresAt: Timestamp })),
      lost: z.array(z.string()).describe("Leases that have ended. The items may be assigned to other annotators."),
    }),
  },
  "POST /api/v1/annotation-queues/:queueId/release": {
    name: "releaseAnnotationLeases",
    summary: "Release leased items without an answer; they can be assigned again",
    permission: "annotation:write",
    params: queue,
    body: z.strictObject({ leaseIds }),
    response: z.object({ released: z.number() }),
  },
  "POST /api/v1/annotation-leases/:leaseId/answers": {
    name: "answerAnnotationItem",
    summary: "Answer, skip, discard or flag an item, or store a draft",
    permission: "annotation:write",
    params: lease,
    body: AnnotationAnswerInput,
    example: { status: "submitted", answers: { helpful: true } },
    response: AnsweredItem,
    status: 201,
  },
  "POST /api/v1/annotation-answers/:answerId/undo": {
    name: "undoAnnotationAnswer",
    summary: "Undo your own answer within the queue's undo window; the item is then leased to you again",
    permission: "annotation:write",
    params: z.object({ answerId: z.string().max(80) }),
    response: LeasedItem,
  },
  "GET /api/v1/annotation-queues/:queueId/my-answers": {
    name: "listMyAnnotationAnswers",
    summary: "The caller's answers in a queue, newest first",
    permission: "annotation:read",
    params: queue,
    query: PageQuery,
    response: pageOf(AnnotationAnswer),
  },
  "GET /api/v1/annotation-items/:itemId/comments": {
    name: "listAnnotationComments",
    summary: "The comments on an item, oldest first",
    permission: "annotation:read",
    params: item,
    query: PageQuery,
    response: pageOf(AnnotationComment),
  },
  "POST /api/v1/annotation-items/:itemId/comments": {
    name: "createAnnotationComment",
    summary: "Comment on an item",
    permission: "annotation:write",
    params: item,
    body: z.strictObject({ text: z.string().trim().min(1).max(20_000) }),
    response: AnnotationComment,
    status: 201,
  },
  "POST /api/v1/annotation-items/:itemId/adjudications": {
    name: "adjudicateAnnotationItem",
    summary:
      "Settle a dispute about the answers to an item; returns 409 with the reviewer's name if another reviewer was faster",
    permission: "annotation:write",
    params: item,
    body: AdjudicationInput,
    example: { answers: { helpful: true }, seenVersion: 1 },
    response: Adjudication,
    status: 201,
  },
  "PATCH /api/v1/annotation-items/:itemId": {
    name: "updateAnnotationItem",
    summary: "Change an item: its priority, the number of annotators, its status, or whether it is a test item",
    permission: "annotation:write",
    params: item,
    body: z.strictObject({
      priority: z.number().int().min(-100).max(100).optional(),
      overlap: z.number().int().min(1).max(50).optional(),
      status: z.enum(["open", "removed"]).optional().describe("`open` restores a flagged or removed item."),
      gold: AnnotationValues.nullable()
        .optional()
        .describe("The correct answers of a test item. Null makes it a normal item."),
      tolerance: z.number().min(0).max(100).optional(),
    }),
    response: z.object({ itemId: z.string(), status: z.enum(ITEM_STATUSES) }),
  },
});

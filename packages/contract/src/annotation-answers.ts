import { z } from "zod";
import { AnnotationField, AnnotationSuggestion } from "./annotation-content.ts";
import { AnnotationValues } from "./annotation-questions.ts";
import { ITEM_STATUSES } from "./annotation-statuses.ts";
import { PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

export const ANSWER_STATUSES = ["submitted", "draft", "skipped", "discarded", "flagged"] as const;
export type AnnotationAnswerStatus = (typeof ANSWER_STATUSES)[number];

const ClientId = z
  .string()
  .regex(/^[\w.:-]{8,80}$/, "use 8 to 80 letters, digits, dots, colons, hyphens and underscores");

/** An item that is somebody's to answer until the lease ends. It says nothing of where the item is from, nor whether it is a test. */
export const LeasedItem = z.object({
  leaseId: z.string(),
  itemId: z.string(),
  queueId: z.string(),
  expiresAt: Timestamp,
  content: z.object({
    fields: z.array(AnnotationField),
    candidates: z
      .array(z.object({ key: z.string(), fields: z.array(AnnotationField) }))
      .describe("In an order drawn for each person; keys are `left` and `right` of two, else `1`, `2` and so on."),
  }),
  questionsVersion: z.number(),
  guidelineVersion: z.number(),
  draft: z
    .object({ answers: AnnotationValues, comment: z.string(), msActive: z.number(), savedAt: Timestamp })
    .nullable(),
  suggestion: AnnotationSuggestion.nullable().describe("Set only where the queue shows suggestions before the answer."),
  source: z
    .object({ traceId: z.string().nullable(), spanId: z.string().nullable(), sessionId: z.string().nullable() })
    .nullable()
    .describe("Null in a blind queue."),
  commentCount: z.number(),
});
export type LeasedItem = z.infer<typeof LeasedItem>;

export const NextItemsInput = z.strictObject({
  count: z.number().int().min(1).max(10).default(1).describe("How many items to give at most."),
  holding: z
    .array(z.string().max(80))
    .max(50)
    .default([])
    .describe("Leases that the caller has on screen or ahead: they are not given again, and are kept alive."),
});
export type NextItemsInput = z.output<typeof NextItemsInput>;

/** What somebody says of an item. */
export const AnnotationAnswerInput = z.strictObject({
  clientId: ClientId.describe("Made by the caller, once for each answer: sending it again changes nothing."),
  status: z
    .enum(ANSWER_STATUSES)
    .describe(
      "submitted: an answer. draft: kept, nothing ends. skipped: not for me, somebody else is asked. discarded: nobody can answer this. flagged: something is wrong with the item; a reviewer looks at it.",
    ),
  answers: AnnotationValues.default({}),
  comment: z.string().max(20_000).default(""),
  msActive: z.number().int().min(0).max(86_400_000).default(0).describe("Milliseconds that were spent on it."),
  clientVersion: z.string().max(60).default(""),
  next: NextItemsInput.optional().describe(
    "Asks for the next items along with the answer, which saves a request. It is no part of the answer.",
  ),
});
export type AnnotationAnswerInput = z.output<typeof AnnotationAnswerInput>;

export const MyProgress = z.object({
  submitted: z.number(),
  skipped: z.number(),
  discarded: z.number(),
  flagged: z.number(),
  medianMs: z.number().nullable().describe("Active time of one answer, over the last hundred."),
});
export type MyProgress = z.infer<typeof MyProgress>;

export const NextItems = z.object({
  items: z.array(LeasedItem).describe("Fewer than asked for, or none, when the queue has nothing more for the caller."),
  mine: MyProgress,
});
export type NextItems = z.infer<typeof NextItems>;

/** A kept answer. Answers are never changed: another one supersedes them. */
export const AnnotationAnswer = z.object({
  answerId: z.string(),
  itemId: z.string(),
  queueId: z.string(),
  annotator: z.object({ id: z.string(), name: z.string() }),
  status: z.enum([...ANSWER_STATUSES, "undone"]),
  answers: AnnotationValues.describe("Pairwise and ranking answers name candidates, not sides."),
  comment: z.string(),
  order: z.array(z.string()).describe("The candidates as they were shown, from left to right."),
  questionsVersion: z.number(),
  guidelineVersion: z.number(),
  msActive: z.number(),
  isSuggestionShown: z.boolean().describe("Whether a judge's answer was seen before this one."),
  clientVersion: z.string(),
  supersedes: z.string().nullable(),
  isCurrent: z.boolean(),
  createdAt: Timestamp,
});
export type AnnotationAnswer = z.infer<typeof AnnotationAnswer>;

export const AnsweredItem = z.object({
  answer: AnnotationAnswer,
  suggestion: AnnotationSuggestion.nullable().describe("Shown after one's own answer where the queue says so."),
  undoUntil: Timestamp.nullable(),
  mine: MyProgress,
  next: NextItems.nullable().describe(
    "Null when it was not asked for, or when there is nothing at hand: ask the queue for the next items then.",
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
    .describe("The version that was on screen, 0 for none: where another came meanwhile, nothing is changed."),
});
export type AdjudicationInput = z.output<typeof AdjudicationInput>;

export const Adjudication = z.object({
  itemId: z.string(),
  version: z.number(),
  answers: AnnotationValues,
  reason: z.string(),
  by: z.object({ id: z.string(), name: z.string() }),
  createdAt: Timestamp,
});
export type Adjudication = z.infer<typeof Adjudication>;

export const AnnotationComment = z.object({
  commentId: z.string(),
  itemId: z.string(),
  text: z.string(),
  author: z.object({ id: z.string(), name: z.string() }),
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
    summary: "Be given the next items to answer; they are the caller's until the lease ends",
    permission: "annotation:write",
    params: queue,
    body: NextItemsInput,
    response: NextItems,
  },
  "POST /api/v1/annotation-queues/:queueId/heartbeat": {
    name: "keepAnnotationLeases",
    summary: "Keep items for longer, as long as one works on them",
    permission: "annotation:write",
    params: queue,
    body: z.strictObject({ leaseIds }),
    response: z.object({
      kept: z.array(z.object({ leaseId: z.string(), expiresAt: Timestamp })),
      lost: z.array(z.string()).describe("Leases that have ended; the item may be somebody else's by now."),
    }),
  },
  "POST /api/v1/annotation-queues/:queueId/release": {
    name: "releaseAnnotationLeases",
    summary: "Give items back unanswered, as when a page is closed; they may come again",
    permission: "annotation:write",
    params: queue,
    body: z.strictObject({ leaseIds }),
    response: z.object({ released: z.number() }),
  },
  "POST /api/v1/annotation-leases/:leaseId/answers": {
    name: "answerAnnotationItem",
    summary: "Answer, skip, discard or flag an item, or keep a draft",
    permission: "annotation:write",
    params: lease,
    body: AnnotationAnswerInput,
    response: AnsweredItem,
    status: 201,
  },
  "POST /api/v1/annotation-answers/:answerId/undo": {
    name: "undoAnnotationAnswer",
    summary: "Take one's own answer back, for as long as the queue allows; the item is then leased again",
    permission: "annotation:write",
    params: z.object({ answerId: z.string().max(80) }),
    response: LeasedItem,
  },
  "GET /api/v1/annotation-queues/:queueId/my-answers": {
    name: "listMyAnnotationAnswers",
    summary: "What the caller has answered in a queue, newest first",
    permission: "annotation:read",
    params: queue,
    query: PageQuery,
    response: pageOf(AnnotationAnswer),
  },
  "GET /api/v1/annotation-items/:itemId/comments": {
    name: "listAnnotationComments",
    summary: "What people say about an item to each other, oldest first",
    permission: "annotation:read",
    params: item,
    query: PageQuery,
    response: pageOf(AnnotationComment),
  },
  "POST /api/v1/annotation-items/:itemId/comments": {
    name: "createAnnotationComment",
    summary: "Say something about an item to the others",
    permission: "annotation:write",
    params: item,
    body: z.strictObject({ text: z.string().trim().min(1).max(20_000) }),
    response: AnnotationComment,
    status: 201,
  },
  "POST /api/v1/annotation-items/:itemId/adjudications": {
    name: "adjudicateAnnotationItem",
    summary: "Settle what the right answers to an item are; answers 409 with who did it when somebody was faster",
    permission: "annotation:write",
    params: item,
    body: AdjudicationInput,
    response: Adjudication,
    status: 201,
  },
  "PATCH /api/v1/annotation-items/:itemId": {
    name: "updateAnnotationItem",
    summary: "Change an item's priority, ask more or fewer people, put it back, take it out, or make it a test",
    permission: "annotation:write",
    params: item,
    body: z.strictObject({
      priority: z.number().int().min(-100).max(100).optional(),
      overlap: z.number().int().min(1).max(50).optional(),
      status: z.enum(["open", "removed"]).optional().describe("`open` puts a flagged or removed item back."),
      gold: AnnotationValues.nullable().optional().describe("The right answers of a test item; null makes it none."),
      tolerance: z.number().min(0).max(100).optional(),
    }),
    response: z.object({ itemId: z.string(), status: z.enum(ITEM_STATUSES) }),
  },
});

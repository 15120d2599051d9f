import { z } from "zod";
import { Timestamp } from "../pages.ts";
import { FEEDBACK_SIGNALS, FEEDBACK_SOURCES } from "./feedback-words.ts";
import { ScoreName } from "./score-configs.ts";

const at = z.iso.datetime({ offset: true });
const traceId = z.string().regex(/^[0-9a-f]{32}$/, "must be 32 lower-case hexadecimal digits");
const spanId = z.string().regex(/^[0-9a-f]{16}$/, "must be 16 lower-case hexadecimal digits");
const outsideId = z.string().min(1).max(500);

export const FEEDBACK_LIMITS = {
  comment: 20_000,
  answer: 200_000,
  word: 2_000,
  metadata: 50_000,
  batch: 1_000,
} as const;

/** What feedback is about: a trace or one of its spans, a session, or an answer of the gateway by its id. */
export const FeedbackTarget = z
  .strictObject({
    traceId: traceId.optional(),
    spanId: spanId.optional().describe("A span of that trace."),
    sessionId: outsideId.optional(),
    responseId: outsideId.optional().describe("The `id` of a completion or message from the gateway."),
  })
  // No `superRefine`: see `unlessPrompted` of the gateway.
  .check(({ value: target, issues }) => {
    const refuse = (message: string, path: string[]) =>
      issues.push({ code: "custom", message, path, input: target, continue: true });
    const named = [target.traceId, target.sessionId, target.responseId].filter((id) => id !== undefined);
    if (named.length !== 1) refuse("name exactly one of traceId, sessionId and responseId", []);
    if (target.spanId !== undefined && target.traceId === undefined)
      refuse("needs the traceId of its trace beside it", ["spanId"]);
  });
export type FeedbackTarget = z.output<typeof FeedbackTarget>;

const isShort = (most: number) => (value: unknown) => (JSON.stringify(value)?.length ?? 0) <= most;
const answer = z
  .unknown()
  .refine(isShort(FEEDBACK_LIMITS.answer), `must not be longer than ${FEEDBACK_LIMITS.answer} characters as JSON`);

const OwnKey = z.string().min(1).max(200).optional();

/** The content of feedback, for all sources. */
const content = {
  name: ScoreName.optional().describe(
    "The name of its score configuration, or another name. If omitted: the signal, or `correction` or `comment` if it contains nothing else.",
  ),
  value: z
    .union([z.number(), z.boolean(), z.string().max(FEEDBACK_LIMITS.word)])
    .optional()
    .describe("A number, true or false, or the name of a category."),
  comment: z.string().max(FEEDBACK_LIMITS.comment).default(""),
  correction: answer.optional().describe("The correct answer: text or JSON."),
  expectedOutput: answer.optional().describe("The expected output for a test with this input: text or JSON."),
  signal: z.enum(FEEDBACK_SIGNALS).optional(),
  signalDetail: z
    .unknown()
    .refine(isShort(2_000), "must not be longer than 2000 characters as JSON")
    .optional()
    .describe("For example, the edit distance of an edited answer."),
  metadata: z
    .record(z.string().min(1).max(200), z.unknown())
    .refine(isShort(FEEDBACK_LIMITS.metadata), `must not be longer than ${FEEDBACK_LIMITS.metadata} characters as JSON`)
    .default({}),
  consent: z.boolean().optional().describe("Whether a model may be trained on it. The project's default if omitted."),
  idempotencyKey: OwnKey.describe("An idempotency key. The same key with the same content is stored once."),
};

const isSomething = (
  given: { readonly [key in "value" | "comment" | "correction" | "expectedOutput" | "signal"]?: unknown },
) =>
  given.value !== undefined ||
  given.signal !== undefined ||
  given.correction !== undefined ||
  given.expectedOutput !== undefined ||
  given.comment !== "";
const SAY_SOMETHING = "says nothing: give a value, a comment, a correction, an expected output or a signal";

export const FeedbackInput = z
  .strictObject({
    target: FeedbackTarget,
    ...content,
    idempotencyKey: OwnKey.meta({
      description:
        "Deprecated: send the header `Idempotency-Key`. The same key with the same content is the same feedback, however often it is sent.",
      deprecated: true,
    }),
    userId: z.string().max(500).default("").describe("The application's user who gave it."),
    time: at.optional().describe("When it was given. Now if omitted."),
    supersedes: z
      .string()
      .max(80)
      .optional()
      .describe("The id of feedback on the same target that this entry replaces."),
  })
  .refine(isSomething, SAY_SOMETHING);
export type FeedbackInput = z.output<typeof FeedbackInput>;

/** What an end user's browser sends with a token, which says what it is about and who gives it. */
export const PublicFeedbackInput = z
  .strictObject({ token: z.string().min(1).max(4_000), ...content })
  .refine(isSomething, SAY_SOMETHING);
export type PublicFeedbackInput = z.output<typeof PublicFeedbackInput>;

export const FeedbackValue = z.union([z.number(), z.boolean(), z.string()]).nullable();

/** What stored feedback is about. Ids that do not apply are empty. */
export const FeedbackSubject = z.object({
  traceId: z.string().describe("Empty for a session, and until the answer with the response id is recorded."),
  spanId: z.string().describe("Empty for feedback on the whole trace."),
  sessionId: z.string(),
  responseId: z.string(),
});

/** One answer of one person. Giving it again replaces it; the newest counts. */
export const Feedback = z.object({
  feedbackId: z.string(),
  target: FeedbackSubject,
  isWaiting: z.boolean().describe("Whether the target has not been recorded yet."),
  name: z.string(),
  value: FeedbackValue,
  /** The number that averages are taken of: of true 1, of a category what its configuration says. */
  number: z.number().nullable(),
  comment: z.string(),
  correction: z.unknown().describe("Null for none."),
  expectedOutput: z.unknown().describe("Null for none."),
  signal: z.enum(FEEDBACK_SIGNALS).nullable(),
  signalDetail: z.unknown(),
  userId: z.string(),
  givenBy: z.string().describe("The name of the person or API key that sent it. Empty for an end user's browser."),
  isMine: z.boolean().describe("Whether the caller gave it, as a signed-in person or with the same key."),
  source: z.enum(FEEDBACK_SOURCES),
  metadata: z.record(z.string(), z.unknown()),
  consent: z.boolean(),
  time: Timestamp,
  receivedAt: Timestamp,
});
export type Feedback = z.infer<typeof Feedback>;

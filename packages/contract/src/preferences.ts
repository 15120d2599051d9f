import { z } from "zod";
import { Interval } from "./experiment-runs.ts";
import { Done, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

/** Where it was seen which of two answers is better. */
export const PREFERENCE_KINDS = ["pairwise", "ranking", "correction", "regeneration", "thumbs"] as const;
export type PreferenceKind = (typeof PREFERENCE_KINDS)[number];
export const PREFERENCE_CONFLICTS = ["contradiction", "circle", "divided"] as const;
export type PreferenceConflict = (typeof PREFERENCE_CONFLICTS)[number];

const Messages = z.array(z.record(z.string(), z.unknown()));

/** Two answers to the same prompt, and which of them people prefer. */
export const PreferencePair = z.object({
  pairId: z.string(),
  kind: z.enum(PREFERENCE_KINDS),
  prompt: Messages,
  chosen: Messages,
  rejected: Messages,
  chosenVariant: z.string().describe("The run, the model or the person that wrote it; empty when nobody knows."),
  rejectedVariant: z.string(),
  isTie: z.boolean().describe("Neither is better; the two are in no order."),
  votes: z.object({ chosen: z.number(), rejected: z.number(), tie: z.number() }),
  agreement: z.number().describe("The share of the votes that the chosen one has, ties counting half."),
  margin: z
    .number()
    .nullable()
    .describe("By how much it is better: the log odds of the votes, or the distance of the ratings."),
  conflict: z
    .enum(PREFERENCE_CONFLICTS)
    .nullable()
    .describe(
      "contradiction: elsewhere the other one is preferred. circle: with two more answers it goes round. divided: fewer than 60 % of the votes.",
    ),
  queueId: z.string().nullable(),
  sourceIds: z.array(z.string()).describe("An item of the queue and the answers to it, or pieces of feedback."),
  annotators: z.number(),
  guidelineVersion: z.number().nullable(),
  consent: z.boolean(),
  createdAt: Timestamp,
});
export type PreferencePair = z.infer<typeof PreferencePair>;

const which = {
  queueId: z.string().max(80).optional(),
  kind: z.enum(PREFERENCE_KINDS).optional(),
};

export const CollectPreferencesInput = z.strictObject({
  queueIds: z.array(z.string().max(80)).max(50).default([]).describe("Their comparisons, rankings and corrections."),
  feedback: z
    .strictObject({
      from: z.iso.datetime({ offset: true }).optional(),
      to: z.iso.datetime({ offset: true }).optional(),
    })
    .nullable()
    .default(null)
    .describe("Corrections, regenerated answers and thumbs that end users gave; null for none."),
});
export type CollectPreferencesInput = z.output<typeof CollectPreferencesInput>;

export const CollectedPreferences = z.object({
  pairs: z.number().describe("Found this time."),
  added: z.number(),
  byKind: z.array(z.object({ kind: z.enum(PREFERENCE_KINDS), pairs: z.number() })),
  conflicts: z.number().describe("Pairs in conflict by now."),
  skipped: z.array(z.object({ reason: z.string(), count: z.number() })),
});
export type CollectedPreferences = z.infer<typeof CollectedPreferences>;

export const RankedVariant = z.object({
  variant: z.string(),
  rank: z.number().nullable().describe("1 + the variants whose interval lies wholly above this one's."),
  rating: z.number().nullable().describe("On Elo's scale; the average is 1,000."),
  interval: Interval.nullable(),
  matches: z.number(),
  winRate: z.number().nullable().describe("Ties count half."),
});
export type RankedVariant = z.infer<typeof RankedVariant>;

const Board = z.object({
  variants: z.array(RankedVariant).describe("Best first."),
  effects: z.array(z.object({ name: z.string(), points: z.number().nullable(), interval: Interval.nullable() })),
  reason: z.string().describe("Why there are no ratings; empty otherwise."),
});

export const PreferenceLeaderboard = z.object({
  matches: z.number(),
  prompts: z.number(),
  raw: Board,
  lengthControlled: Board.describe("As if all answers were of one length."),
  styleControlled: Board.describe("As if they also had as many headings, lists and bold words."),
  sides: z.object({
    left: z.number(),
    right: z.number(),
    leftShare: z.number().nullable(),
    interval: Interval.nullable(),
    pValue: z.number().nullable().describe("Exact, two-sided, against one half."),
    isBiased: z.boolean(),
  }),
  circles: z
    .object({ triples: z.number(), circular: z.number() })
    .describe("Three answers to a prompt that were all compared, and how often they go round."),
});
export type PreferenceLeaderboard = z.infer<typeof PreferenceLeaderboard>;

export const preferencesApi = defineApi({
  "GET /api/v1/preferences": {
    name: "listPreferences",
    summary: "Pairs of answers of which one is preferred, newest first",
    permission: "annotation:read",
    query: PageQuery.extend({
      ...which,
      conflict: z.enum(["any", "only", "without"]).default("any"),
      search: z.string().max(200).default("").describe("A part of the prompt or of an answer."),
    }),
    response: pageOf(PreferencePair).extend({ total: z.number(), conflicts: z.number() }),
  },
  "POST /api/v1/preferences/collect": {
    name: "collectPreferences",
    summary: "Find pairs in queues and in feedback; a pair that is there already is brought up to date",
    permission: "annotation:write",
    body: CollectPreferencesInput,
    response: CollectedPreferences,
  },
  "DELETE /api/v1/preferences/:pairId": {
    name: "deletePreference",
    summary: "Delete a pair; it comes back when it is collected again",
    permission: "annotation:write",
    params: z.object({ pairId: z.string().max(80) }),
    response: Done,
  },
  "GET /api/v1/preferences/leaderboard": {
    name: "getPreferenceLeaderboard",
    summary:
      "Who wins the comparisons, with intervals, raw and with length and style taken out, and whether the side matters",
    permission: "annotation:read",
    query: z.object(which),
    response: PreferenceLeaderboard,
  },
});

import { z } from "zod";
import { content } from "../content.ts";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { Interval } from "./experiment-runs.ts";

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
  prompt: content(Messages),
  chosen: content(Messages),
  rejected: content(Messages),
  chosenVariant: z.string().describe("The run, model or person that wrote it. Empty if unknown."),
  rejectedVariant: z.string(),
  isTie: z.boolean().describe("Neither is better. Their order has no meaning."),
  votes: z.object({ chosen: z.number(), rejected: z.number(), tie: z.number() }),
  agreement: z.number().describe("The share of votes for the preferred answer. Ties count half."),
  margin: z
    .number()
    .nullable()
    .describe("How much better it is: the log odds of the votes, or the distance of the ratings."),
  conflict: z
    .enum(PREFERENCE_CONFLICTS)
    .nullable()
    .describe(
      "contradiction: another source prefers the other answer. circle: with two more answers the preferences form a circle. divided: fewer than 60 % of the votes.",
    ),
  queueId: z.string().nullable(),
  sourceIds: z.array(z.string()).describe("An item of the queue and its answers, or feedback entries."),
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
  queueIds: z
    .array(z.string().max(80))
    .max(50)
    .default([])
    .describe("Queues whose comparisons, rankings and corrections are collected."),
  feedback: z
    .strictObject({
      from: z.iso.datetime({ offset: true }).optional(),
      to: z.iso.datetime({ offset: true }).optional(),
    })
    .nullable()
    .default(null)
    .describe("Corrections, regenerated answers and thumbs from end users. Null for none."),
});
export type CollectPreferencesInput = z.output<typeof CollectPreferencesInput>;

export const CollectedPreferences = z.object({
  pairs: z.number().describe("The number of pairs found by this call."),
  added: z.number(),
  byKind: z.array(z.object({ kind: z.enum(PREFERENCE_KINDS), pairs: z.number() })),
  conflicts: z.number().describe("The total number of pairs in conflict."),
  skipped: z.array(z.object({ reason: z.string(), count: z.number() })),
});
export type CollectedPreferences = z.infer<typeof CollectedPreferences>;

export const RankedVariant = z.object({
  variant: z.string(),
  rank: z
    .number()
    .nullable()
    .describe("1 plus the number of variants whose interval is entirely above this variant's interval."),
  rating: z.number().nullable().describe("On the Elo scale. The average is 1,000."),
  interval: Interval.nullable(),
  matches: z.number(),
  winRate: z.number().nullable().describe("Ties count half."),
});
export type RankedVariant = z.infer<typeof RankedVariant>;

const Board = z.object({
  variants: z.array(RankedVariant).describe("Best first."),
  effects: z.array(z.object({ name: z.string(), points: z.number().nullable(), interval: Interval.nullable() })),
  reason: z.string().describe("Why there are no ratings. Otherwise empty."),
});

export const PreferenceLeaderboard = z.object({
  matches: z.number(),
  prompts: z.number(),
  raw: Board,
  lengthControlled: Board.describe("Corrected for the length of answers."),
  styleControlled: Board.describe("Also corrected for the number of headings, lists and bold words."),
  sides: z.object({
    left: z.number(),
    right: z.number(),
    leftShare: z.number().nullable(),
    interval: Interval.nullable(),
    pValue: z.number().nullable().describe("Exact and two-sided, compared with one half."),
    isBiased: z.boolean(),
  }),
  circles: z
    .object({ triples: z.number(), circular: z.number() })
    .describe("Triples of answers that were all compared, and how many of them form a circle."),
});
export type PreferenceLeaderboard = z.infer<typeof PreferenceLeaderboard>;

export const preferencesApi = defineApi({
  "GET /api/v1/preferences": {
    name: "listPreferences",
    summary: "Preference pairs, newest first",
    permission: "annotation:read",
    query: PageQuery.extend({
      ...which,
      conflict: z.enum(["any", "only", "without"]).default("any"),
      search: z.string().max(200).default("").describe("Part of the prompt or of an answer."),
    }),
    response: pageOf(PreferencePair).extend({ total: z.number(), conflicts: z.number() }),
  },
  "POST /api/v1/preferences/collect": {
    name: "collectPreferences",
    summary: "Collect pairs from queues and feedback; existing pairs are updated",
    permission: "annotation:write",
    body: CollectPreferencesInput,
    example: { queueIds: ["que_1"] },
    response: CollectedPreferences,
  },
  "DELETE /api/v1/preferences/:pairId": {
    name: "deletePreference",
    summary: "Delete a pair; the next collection adds it again",
    permission: "annotation:write",
    params: z.object({ pairId: z.string().max(80) }),
    response: Done,
  },
  "GET /api/v1/preferences/leaderboard": {
    name: "getPreferenceLeaderboard",
    summary:
      "Win rates of variants with intervals, raw and corrected for length and style, and a test for position bias",
    permission: "annotation:read",
    query: z.object(which),
    response: PreferenceLeaderboard,
  },
});

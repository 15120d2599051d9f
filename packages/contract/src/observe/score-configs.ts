import { z } from "zod";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

/** What a score may hold. `text` is an answer in words, which no average is taken of. */
export const SCORE_TYPES = ["boolean", "number", "category", "text"] as const;
export type ScoreType = (typeof SCORE_TYPES)[number];

/** A name as filters and dashboards can write it: `score.NAME`. */
export const ScoreName = z
  .string()
  .min(1)
  .max(120)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.:/-]*$/,
    "must start with a letter, a digit or _, and contain only those and . : / -",
  )
  .describe("For example `helpful` or `tone.polite`.");

const bound = z.number().min(-1e12).max(1e12).nullable();
const label = z.string().trim().min(1).max(200);

/** One of the words a category can be; its number is what averages are taken of, null for none. */
export const ScoreCategory = z.strictObject({ label, value: bound.default(null) });
export type ScoreCategory = z.output<typeof ScoreCategory>;

const settings = {
  description: z
    .string()
    .max(2_000)
    .describe("Instructions for people who give the feedback: its meaning and how to choose a value."),
  min: bound.describe("For a number. Null for no limit."),
  max: bound,
  categories: z.array(ScoreCategory).max(100).describe("For a category. At least two."),
  isHigherBetter: z.boolean().nullable().describe("The better direction. Null if there is none."),
};

export const ScoreConfigInput = z.strictObject({
  name: ScoreName,
  type: z.enum(SCORE_TYPES),
  description: settings.description.default(""),
  min: settings.min.default(null),
  max: settings.max.default(null),
  categories: settings.categories.default([]),
  isHigherBetter: settings.isHigherBetter.default(true),
});
export type ScoreConfigInput = z.output<typeof ScoreConfigInput>;

/** The name and the type of a score stay what they are: feedback that was given has them. */
export const ScoreConfigPatch = z.strictObject({
  description: settings.description.optional(),
  min: settings.min.optional(),
  max: settings.max.optional(),
  categories: settings.categories.optional(),
  isHigherBetter: settings.isHigherBetter.optional(),
  isArchived: z
    .boolean()
    .optional()
    .describe("An archived configuration accepts no new feedback. Existing feedback remains."),
});
export type ScoreConfigPatch = z.output<typeof ScoreConfigPatch>;

export const ScoreConfig = z.object({
  scoreConfigId: z.string(),
  name: z.string(),
  type: z.enum(SCORE_TYPES),
  description: z.string(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  categories: z.array(z.object({ label: z.string(), value: z.number().nullable() })),
  isHigherBetter: z.boolean().nullable(),
  isArchived: z.boolean(),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type ScoreConfig = z.infer<typeof ScoreConfig>;

const one = z.object({ scoreConfigId: z.string().max(80) });

export const scoreConfigsApi = defineApi({
  "GET /api/v1/score-configs": {
    name: "listScoreConfigs",
    summary: "The score configurations, which define the names and values of feedback, by name",
    permission: "feedback:read",
    query: PageQuery.extend({
      search: z.string().max(200).optional().describe("Part of the name or the description."),
      archived: z.stringbool().default(false).describe("Includes archived configurations."),
    }),
    response: pageOf(ScoreConfig),
  },
  "POST /api/v1/score-configs": {
    name: "createScoreConfig",
    summary: "Create a score configuration: the values that feedback with this name can have",
    permission: "feedback:write",
    body: ScoreConfigInput,
    example: { name: "helpful", type: "boolean" },
    response: ScoreConfig,
    status: 201,
  },
  "GET /api/v1/score-configs/:scoreConfigId": {
    name: "getScoreConfig",
    summary: "One score configuration",
    permission: "feedback:read",
    params: one,
    response: ScoreConfig,
  },
  "PATCH /api/v1/score-configs/:scoreConfigId": {
    name: "updateScoreConfig",
    summary: "Change, archive or restore a score configuration",
    permission: "feedback:write",
    params: one,
    body: ScoreConfigPatch,
    response: ScoreConfig,
  },
  "DELETE /api/v1/score-configs/:scoreConfigId": {
    name: "deleteScoreConfig",
    summary: "Delete a score configuration; existing feedback remains",
    permission: "feedback:write",
    params: one,
    response: Done,
  },
});

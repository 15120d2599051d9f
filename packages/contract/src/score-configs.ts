import { z } from "zod";
import { Done, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

/** What a score may hold. `text` is an answer in words, which no average is taken of. */
export const SCORE_TYPES = ["boolean", "number", "category", "text"] as const;
export type ScoreType = (typeof SCORE_TYPES)[number];

/** A name as filters and dashboards can write it: `score.NAME`. */
export const ScoreName = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.:/-]*$/, "begins with a letter, a digit or _, and goes on with those or . : / -")
  .describe("Such as `helpful` or `tone.polite`.");

const bound = z.number().min(-1e12).max(1e12).nullable();
const label = z.string().trim().min(1).max(200);

/** One of the words a category can be; its number is what averages are taken of, null for none. */
export const ScoreCategory = z.strictObject({ label, value: bound.default(null) });
export type ScoreCategory = z.output<typeof ScoreCategory>;

const settings = {
  description: z.string().max(2_000).describe("What it means and how to give it, for those who do."),
  min: bound.describe("Of a number; null for no bound."),
  max: bound,
  categories: z.array(ScoreCategory).max(100).describe("Of a category; at least two."),
  isHigherBetter: z.boolean().nullable().describe("Null where neither is."),
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
  isArchived: z.boolean().optional().describe("An archived one takes no new feedback; what was given stays."),
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
    summary: "What feedback may be called and hold, by name",
    permission: "feedback:read",
    query: PageQuery.extend({
      search: z.string().max(200).optional().describe("Part of the name or the description."),
      archived: z.stringbool().default(false).describe("Archived ones too."),
    }),
    response: pageOf(ScoreConfig),
  },
  "POST /api/v1/score-configs": {
    name: "createScoreConfig",
    summary: "Say what feedback of one name may hold",
    permission: "feedback:write",
    body: ScoreConfigInput,
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
    summary: "Change, archive or bring back a score configuration",
    permission: "feedback:write",
    params: one,
    body: ScoreConfigPatch,
    response: ScoreConfig,
  },
  "DELETE /api/v1/score-configs/:scoreConfigId": {
    name: "deleteScoreConfig",
    summary: "Delete a score configuration; the feedback that was given stays",
    permission: "feedback:write",
    params: one,
    response: Done,
  },
});

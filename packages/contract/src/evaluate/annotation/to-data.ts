import { z } from "zod";
import { BranchName, Draft, Item, MAIN_BRANCH } from "../../data/datasets.ts";
import { FeedbackFilter } from "../../observe/feedback-api.ts";
import { defineApi } from "../../route.ts";
import { PREFERENCE_KINDS } from "../preferences.ts";

/** What the rows are for. */
export const DATA_SHAPES = ["sft", "dpo", "kto", "reward", "evaluation"] as const;
export type DataShape = (typeof DATA_SHAPES)[number];

/** Which feedback becomes rows. Consent is a rule of its own. */
export const DataFeedbackFilter = FeedbackFilter.omit({ consent: true }).strict();

export const DataSource = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("feedback"), filter: DataFeedbackFilter.prefault({}) }),
  z.strictObject({ kind: z.literal("queue"), queueId: z.string().max(80) }),
  z.strictObject({
    kind: z.literal("preferences"),
    queueId: z.string().max(80).optional(),
    kinds: z.array(z.enum(PREFERENCE_KINDS)).max(10).default([]).describe("Empty for all."),
  }),
]);
export type DataSource = z.output<typeof DataSource>;

export const DataRules = z.strictObject({
  consent: z
    .enum(["given", "any"])
    .default("given")
    .describe("`given`: only feedback that may be used to train models. Annotations are always included."),
  privacy: z
    .enum(["mask", "drop", "keep"])
    .default("mask")
    .describe("Personal data and secrets: replace with a placeholder, leave the row out, or keep."),
  guideline: z
    .enum(["current", "any"])
    .default("current")
    .describe("`current` leaves out answers under an older guideline."),
  minAgreement: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.6)
    .describe("The minimum share of votes for the better answer or the label."),
  minRating: z
    .number()
    .min(0)
    .max(1)
    .default(0.75)
    .describe("The share of the scale from which an answer counts as approved."),
  minChange: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe("Corrections that change a smaller share of the longer text are ignored."),
  pairsPerPrompt: z.number().int().min(1).max(1_000).default(8),
  allowConflicts: z.boolean().default(false).describe("Whether to include pairs that contradict other pairs."),
  testShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe("The share of prompts whose rows go to the split `test`. All rows of a prompt are in the same split."),
});
export type DataRules = z.output<typeof DataRules>;

export const FeedbackToDatasetInput = z.strictObject({
  from: DataSource,
  shape: z.enum(DATA_SHAPES),
  datasetId: z.string().max(80).optional().describe("Required unless it is a dry run."),
  branch: BranchName.default(MAIN_BRANCH),
  rules: DataRules.prefault({}),
  isDryRun: z.boolean().default(false).describe("Return a preview of the result, and change nothing."),
});
export type FeedbackToDatasetInput = z.output<typeof FeedbackToDatasetInput>;

export const FeedbackToDataset = z.object({
  found: z.number().describe("The number of feedback entries, answers or pairs checked."),
  rows: z.number(),
  splits: z.array(z.object({ split: z.string().nullable(), rows: z.number() })),
  masked: z.number().describe("The number of rows in which private data was replaced."),
  dropped: z
    .array(
      z.object({
        reason: z.string(),
        count: z.number(),
        sourceIds: z.array(z.string()).describe("Some of these sources, as examples."),
      }),
    )
    .describe("Why the other sources were left out, most frequent reason first."),
  samples: z.array(Item).describe("The first rows."),
  weights: z
    .object({ wanted: z.number(), unwanted: z.number(), desirableWeight: z.number(), undesirableWeight: z.number() })
    .nullable()
    .describe("For KTO: how often each label occurs, and the weights that balance the labels in training."),
  draft: Draft.nullable().describe("Null in a dry run."),
});
export type FeedbackToDataset = z.infer<typeof FeedbackToDataset>;

export const toDataApi = defineApi({
  "POST /api/v1/feedback-to-dataset": {
    name: "addFeedbackToDataset",
    summary: "Create training or evaluation rows from feedback, answers or preferences; a dry run returns a preview",
    permission: "datasets:write",
    content: "required",
    body: FeedbackToDatasetInput,
    response: FeedbackToDataset,
    creates: true,
  },
});

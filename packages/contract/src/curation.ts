import { z } from "zod";
import { BranchName, Item, MAIN_BRANCH, VersionRef } from "./datasets.ts";
import { Timestamp } from "./pages.ts";
import { QualityReport } from "./quality-report.ts";
import { defineApi } from "./route.ts";

export const CURATION_GROUPS = ["duplicates", "quality", "language", "privacy", "leaks", "balance", "splits"] as const;
export type CurationGroup = (typeof CURATION_GROUPS)[number];

/** Vocabularies that are counted with here; a local model's own is named `local:` and the model's id. */
export const TOKENIZERS = ["o200k_base", "cl100k_base"] as const;

const JsonObject = z.record(z.string(), z.unknown());

export const CurationStep = z.object({
  stepId: z.string(),
  label: z.string(),
  description: z.string(),
  group: z.enum(CURATION_GROUPS),
  params: JsonObject.describe("The JSON schema of its parameters; what it gives as defaults may be left out."),
  presets: z.array(z.object({ id: z.string(), label: z.string(), params: JsonObject })),
  isSetWise: z.boolean().describe("A verdict depends on other items: a preview over a part of them finds less."),
});
export type CurationStep = z.infer<typeof CurationStep>;

/** One step of a recipe. Parameters that are left out take the step's defaults. */
export const CurationChoice = z.strictObject({ stepId: z.string().min(1).max(80), params: JsonObject.default({}) });
export type CurationChoice = z.output<typeof CurationChoice>;

export const CurationSample = z.object({
  item: Item,
  edited: Item.nullable().describe("What it becomes; null when it is removed."),
  rule: z.string(),
  reason: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  related: z
    .object({ datasetId: z.string().nullable(), itemId: z.string() })
    .nullable()
    .describe("Such as the item it is a duplicate of, or the evaluation item it gives away."),
});
export type CurationSample = z.infer<typeof CurationSample>;

export const CurationHistogram = z.object({
  rule: z.string(),
  threshold: z.number().nullable(),
  from: z.number(),
  to: z.number(),
  counts: z
    .array(z.number())
    .describe("Of bins of the same width from `from` to `to`; the last also holds what lies above."),
});
export type CurationHistogram = z.infer<typeof CurationHistogram>;

/** What a step does to items: in a preview would do, after a job has done. */
export const CurationOutcome = z.object({
  stepId: z.string(),
  rows: z.number().describe("Items that were looked at."),
  kept: z.number(),
  removed: z.number(),
  edited: z.number(),
  rules: z.array(z.object({ rule: z.string(), removed: z.number(), edited: z.number() })),
  histograms: z.array(CurationHistogram),
  samples: z.array(CurationSample).describe("Of what is removed or edited, some of each rule."),
});
export type CurationOutcome = z.infer<typeof CurationOutcome>;

export const CurationPreview = CurationOutcome.extend({
  totalRows: z.number().describe("Items of the draft; more than `rows` when only a part was looked at."),
});
export type CurationPreview = z.infer<typeof CurationPreview>;

export const CurationRecipe = z.object({ steps: z.array(CurationChoice) });
export type CurationRecipe = z.output<typeof CurationRecipe>;

const Branch = BranchName.default(MAIN_BRANCH);
/** The draft when it is left out: what is worked on now. */
const Place = VersionRef.default("draft");
const params = z.object({ datasetId: z.string() });
const reportParams = z.object({ datasetId: z.string(), reportId: z.string() });
const JobStarted = z.object({ jobId: z.string() });
export const CurationPreviewInput = z.strictObject({
  branch: Branch,
  step: CurationChoice,
  rows: z.number().int().min(1).max(50_000).default(10_000).describe("How many items are looked at, spread evenly."),
  samples: z.number().int().min(0).max(100).default(20),
});
export type CurationPreviewInput = z.output<typeof CurationPreviewInput>;

export const CurationApplyInput = z.strictObject({
  branch: Branch,
  steps: z.array(CurationChoice).min(1).max(50).optional(),
  recipeOf: z
    .strictObject({ datasetId: z.string(), version: VersionRef })
    .optional()
    .describe("Runs the recipe of a version of this or another dataset instead of `steps`."),
  expectedRevision: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Refused with `conflict` when the draft has moved on; left out: whatever the draft is now."),
});
export type CurationApplyInput = z.output<typeof CurationApplyInput>;

export const ReportModel = z.strictObject({
  provider: z.string().min(1).max(80).describe("Such as `openai`, or `local` for a model of this machine."),
  model: z.string().min(1).max(200),
  trainUsdPerMillion: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe("What training on a million tokens costs; tables of prices do not say."),
});
export type ReportModel = z.output<typeof ReportModel>;

export const ReportInput = z.strictObject({
  version: Place,
  models: z
    .array(ReportModel)
    .max(20)
    .optional()
    .describe("Whose tokens are counted and whose prices are asked; left out: a few that are in common use."),
  nearDuplicates: z
    .boolean()
    .default(true)
    .describe("Whether near-duplicates are looked for, which takes most of the time of a large dataset."),
  epochs: z.number().int().min(1).max(100).default(3).describe("How often training would read the dataset."),
});
export type ReportInput = z.output<typeof ReportInput>;

export const ReportHead = z.object({
  reportId: z.string(),
  datasetId: z.string(),
  version: z.string().describe("What was asked for, such as `draft` or `3`."),
  root: z.string().describe("Of the items that were measured."),
  rows: z.number(),
  createdAt: Timestamp,
});
export type ReportHead = z.infer<typeof ReportHead>;

/** How much of an evaluation dataset a dataset gives away: a model that learns from it is not measured by the other. */
export const ContaminationFlag = z.object({
  evaluationDatasetId: z.string(),
  evaluationName: z.string(),
  version: z
    .number()
    .nullable()
    .describe("The version of this dataset that was looked at; null for the draft of one without versions."),
  rows: z.number(),
  contaminated: z.number(),
  samples: z.array(
    z.object({ itemId: z.string(), evaluationItemId: z.string(), overlap: z.number(), rule: z.string() }),
  ),
  checkedAt: Timestamp,
});
export type ContaminationFlag = z.infer<typeof ContaminationFlag>;

export const curationApi = defineApi({
  "GET /api/v1/curation/steps": {
    name: "listCurationSteps",
    summary: "The steps that items can be curated with, and their parameters",
    permission: "datasets:read",
    response: z.object({ items: z.array(CurationStep) }),
  },
  "POST /api/v1/datasets/:datasetId/curation/preview": {
    name: "previewCuration",
    summary: "What a step would remove or edit in the draft and why; nothing is written",
    permission: "datasets:read",
    params,
    body: CurationPreviewInput,
    response: CurationPreview,
  },
  "POST /api/v1/datasets/:datasetId/curation/apply": {
    name: "applyCuration",
    summary: "Run steps over the draft as a job; each becomes a step of the draft that can be undone",
    permission: "datasets:write",
    params,
    body: CurationApplyInput,
    response: JobStarted,
    status: 202,
  },
  "GET /api/v1/datasets/:datasetId/curation/recipe": {
    name: "getCurationRecipe",
    summary: "The steps that made a draft or a version, to be run again on other items",
    permission: "datasets:read",
    params,
    query: z.object({ version: Place }),
    response: CurationRecipe,
  },
  "GET /api/v1/datasets/:datasetId/contamination": {
    name: "listContamination",
    summary: "Which evaluation datasets share items with this one",
    permission: "datasets:read",
    params,
    response: z.object({ items: z.array(ContaminationFlag) }),
  },
  "POST /api/v1/datasets/:datasetId/reports": {
    name: "createDatasetReport",
    summary: "Measure the quality of a draft or a version as a job",
    permission: "datasets:write",
    params,
    body: ReportInput,
    response: JobStarted,
    status: 202,
  },
  "GET /api/v1/datasets/:datasetId/reports": {
    name: "listDatasetReports",
    summary: "The reports on a dataset, newest first",
    permission: "datasets:read",
    params,
    response: z.object({ items: z.array(ReportHead) }),
  },
  "GET /api/v1/datasets/:datasetId/reports/:reportId": {
    name: "getDatasetReport",
    summary: "A report on the quality of a dataset",
    permission: "datasets:read",
    params: reportParams,
    response: ReportHead.extend({ report: QualityReport }),
  },
  "GET /api/v1/datasets/:datasetId/reports/:reportId/markdown": {
    name: "downloadDatasetReport",
    summary: "A report on the quality of a dataset as Markdown",
    permission: "datasets:read",
    params: reportParams,
    response: z.string(),
    answer: "file",
  },
});

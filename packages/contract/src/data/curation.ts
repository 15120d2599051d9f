import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";
import { PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { BranchName, Item, MAIN_BRANCH, VersionRef } from "./datasets.ts";
import { QualityReport } from "./quality-report.ts";

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
  presets: z.array(z.object({ presetId: z.string(), label: z.string(), params: JsonObject })),
  isSetWise: z.boolean().describe("A verdict depends on other items: a preview over a part of them finds less."),
});
export type CurationStep = z.infer<typeof CurationStep>;

/** One step of a recipe. Parameters that are left out take the step's defaults. */
export const CurationChoice = z.strictObject({ stepId: z.string().min(1).max(80), params: JsonObject.default({}) });
export type CurationChoice = z.output<typeof CurationChoice>;

export const CurationSample = z.object({
  item: Item,
  edited: Item.nullable().describe("The edited item. Null if the step removes it."),
  rule: z.string(),
  reason: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  related: z
    .object({ datasetId: z.string().nullable(), itemId: z.string() })
    .nullable()
    .describe("For example, the item that it duplicates, or the evaluation item that it leaks."),
});
export type CurationSample = z.infer<typeof CurationSample>;

export const CurationHistogram = z.object({
  rule: z.string(),
  threshold: z.number().nullable(),
  from: z.number(),
  to: z.number(),
  counts: z
    .array(z.number())
    .describe("Bins of equal width from `from` on. The last bin also contains all values above its range."),
});
export type CurationHistogram = z.infer<typeof CurationHistogram>;

/** What a step does to items: in a preview would do, after a job has done. */
export const CurationOutcome = z.object({
  stepId: z.string(),
  notes: z
    .array(z.string())
    .default([])
    .describe("Explains automatic choices, such as the method of comparison for texts of each length."),
  rows: z.number().describe("The number of items checked."),
  kept: z.number(),
  removed: z.number(),
  edited: z.number(),
  rules: z.array(z.object({ rule: z.string(), removed: z.number(), edited: z.number() })),
  histograms: z.array(CurationHistogram),
  samples: z.array(CurationSample).describe("A sample of removed or edited items, with some for each rule."),
});
export type CurationOutcome = z.infer<typeof CurationOutcome>;

export const CurationPreview = CurationOutcome.extend({
  totalRows: z
    .number()
    .describe("The number of items in the draft. It is higher than `rows` if only a sample was checked."),
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
  rows: z.number().int().min(1).max(50_000).default(10_000).describe("The number of items to check, spread evenly."),
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
    .max(MOST_INTEGER)
    .optional()
    .describe("Rejected with `conflict` if the draft has a different revision. If omitted, the current draft is used."),
});
export type CurationApplyInput = z.output<typeof CurationApplyInput>;

export const ReportModel = z.strictObject({
  provider: z.string().min(1).max(80).describe("For example `openai`, or `local` for a model on this machine."),
  model: z.string().min(1).max(200),
  trainUsdPerMillion: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe("The price of training on a million tokens. The price tables do not contain it."),
});
export type ReportModel = z.output<typeof ReportModel>;

export const ReportInput = z.strictObject({
  version: Place,
  models: z
    .array(ReportModel)
    .max(20)
    .optional()
    .describe("Models whose tokens and prices are reported. If omitted, some common models are used."),
  nearDuplicates: z
    .boolean()
    .default(true)
    .describe("Whether to look for near-duplicates. This takes most of the time for a large dataset."),
  epochs: z.number().int().min(1).max(100).default(3).describe("The number of training epochs."),
});
export type ReportInput = z.output<typeof ReportInput>;

export const ReportHead = z.object({
  reportId: z.string(),
  datasetId: z.string(),
  version: z.string().describe("The requested version, such as `draft` or `3`."),
  root: z.string().describe("The Merkle root of the measured items."),
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
    .describe("The version that was measured. Null for the draft of a dataset without versions."),
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
    summary: "The steps that can curate items, with their parameters",
    permission: "datasets:read",
    response: pageOf(CurationStep),
  },
  "POST /api/v1/datasets/:datasetId/curation/preview": {
    name: "previewCuration",
    summary: "Preview which items a step removes or edits in the draft, and why; nothing is written",
    permission: "datasets:read",
    params,
    body: CurationPreviewInput,
    example: { step: { stepId: "exact-duplicates" } },
    response: CurationPreview,
  },
  "POST /api/v1/datasets/:datasetId/curation/apply": {
    name: "applyCuration",
    summary: "Run steps over the draft as a job; each becomes a step of the draft that you can undo",
    permission: "datasets:write",
    params,
    body: CurationApplyInput,
    example: { steps: [{ stepId: "exact-duplicates" }] },
    response: JobStarted,
    status: 202,
  },
  "GET /api/v1/datasets/:datasetId/curation/recipe": {
    name: "getCurationRecipe",
    summary: "The recipe of a draft or a version: its steps, to run again on other items",
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
    query: PageQuery,
    response: pageOf(ContaminationFlag),
  },
  "POST /api/v1/datasets/:datasetId/reports": {
    name: "createDatasetReport",
    summary: "Create a quality report on a draft or a version, as a job",
    permission: "datasets:write",
    params,
    body: ReportInput,
    response: JobStarted,
    status: 202,
  },
  "GET /api/v1/datasets/:datasetId/reports": {
    name: "listDatasetReports",
    summary: "The quality reports on a dataset, newest first",
    permission: "datasets:read",
    params,
    response: pageOf(ReportHead),
  },
  "GET /api/v1/datasets/:datasetId/reports/:reportId": {
    name: "getDatasetReport",
    summary: "A quality report on a dataset",
    permission: "datasets:read",
    params: reportParams,
    response: ReportHead.extend({ report: QualityReport }),
  },
  "GET /api/v1/datasets/:datasetId/reports/:reportId/markdown": {
    name: "downloadDatasetReport",
    summary: "A quality report on a dataset, as Markdown",
    permission: "datasets:read",
    params: reportParams,
    response: z.string(),
    answer: "file",
  },
});

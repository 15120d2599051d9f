import { z } from "zod";
import { ItemId, Source, SplitName, VersionRef } from "./datasets.ts";
import { PageQuery, pageOf } from "./pages.ts";
import { ModelVersionRef } from "./registry.ts";
import { defineApi } from "./route.ts";

/** The steps from what a row was made of to an answer, in that order. */
export const LINEAGE_STEP_KINDS = [
  "source",
  "row",
  "file",
  "dataset",
  "base",
  "training-run",
  "version",
  "name",
  "answer",
] as const;
export type LineageStepKind = (typeof LINEAGE_STEP_KINDS)[number];

/** `gone`: it was there and is no more. `hidden`: the caller may not read it. `unknown`: nobody wrote it down. */
export const LINEAGE_STATES = ["there", "gone", "hidden", "unknown"] as const;

/** What a step stands for, so that a person can go there. */
export const LineageTarget = z.discriminatedUnion("to", [
  z.object({ to: z.literal("span"), traceId: z.string(), spanId: z.string() }),
  z.object({ to: z.literal("answers"), model: z.string().describe("As spans name it, such as `support@v3`.") }),
  z.object({ to: z.literal("version"), name: z.string(), version: z.number() }),
  z.object({ to: z.literal("training-run"), trainingRunId: z.string() }),
  z.object({ to: z.literal("dataset"), datasetId: z.string(), version: z.number() }),
  z.object({ to: z.literal("items"), datasetId: z.string(), version: z.number(), filter: z.string() }),
  z.object({ to: z.literal("row"), datasetId: z.string(), version: z.number(), itemId: z.string() }),
  z.object({ to: z.literal("endpoint"), endpoint: z.string() }),
  z.object({ to: z.literal("models") }),
]);
export type LineageTarget = z.infer<typeof LineageTarget>;

export const LineageStep = z.object({
  id: z.string().describe("Within this graph."),
  kind: z.enum(LINEAGE_STEP_KINDS),
  label: z.string(),
  state: z.enum(LINEAGE_STATES),
  note: z.string().describe("Why it is not there, or what is to be known of it; empty when there is nothing to say."),
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  target: LineageTarget.nullable(),
});
export type LineageStep = z.infer<typeof LineageStep>;

export const LineageGraph = z.object({
  focus: z.string().describe("The step that was asked about."),
  steps: z.array(LineageStep),
  links: z
    .array(z.object({ from: z.string(), to: z.string(), label: z.string() }))
    .describe("From what was there first to what came of it: `from` `label` `to`."),
  isCut: z.boolean().describe("Whether more came of it than is shown."),
});
export type LineageGraph = z.infer<typeof LineageGraph>;

export const ROW_USES = ["trained", "held out", "skipped", "left out"] as const;
export type RowUse = (typeof ROW_USES)[number];

/** A row that a training run was given, and where the row itself came from. */
export const LineageRow = z.object({
  itemId: z.string(),
  preview: z.string().describe("What goes in, shortened."),
  use: z.enum(ROW_USES).describe("`skipped`: not of the format; `left out`: of a split that the run did not look at."),
  split: SplitName.nullable(),
  source: Source,
});
export type LineageRow = z.infer<typeof LineageRow>;

const run = z.object({ trainingRunId: z.string() });
const dataset = z.object({ datasetId: z.string().max(80) });

export const lineageApi = defineApi({
  "GET /api/v1/lineage/answers/:traceId/:spanId": {
    name: "getAnswerLineage",
    summary:
      "Where an answer comes from: name, model version, training run, base, datasets and what their rows were made of",
    permission: "traces:read",
    params: z.object({ traceId: z.string().max(64), spanId: z.string().max(32) }),
    response: LineageGraph,
  },
  "GET /api/v1/lineage/versions/:name/:version": {
    name: "getVersionLineage",
    summary: "What a model version came from, back to the rows, and what came of it, on to its answers",
    permission: "models:read",
    params: z.object({ name: z.string().max(100), version: ModelVersionRef }),
    response: LineageGraph,
  },
  "GET /api/v1/lineage/training-runs/:trainingRunId": {
    name: "getRunLineage",
    summary: "What a training run was given and what came of it",
    permission: "training:read",
    params: run,
    response: LineageGraph,
  },
  "GET /api/v1/lineage/training-runs/:trainingRunId/rows": {
    name: "listRunRows",
    summary: "The rows that a training run was given, what it did with each, and where each came from",
    permission: "training:read",
    params: run,
    query: PageQuery.extend({
      source: z.coerce.number().int().min(0).max(100).default(0).describe("Which of the run's sources, from zero."),
    }),
    response: pageOf(LineageRow).extend({
      ref: z.string().describe("The dataset or file, as the run named it."),
      datasetId: z.string().nullable(),
      version: z.number().nullable(),
      total: z.number().nullable().describe("Rows of the source; null for a file, which is read as far as is asked."),
    }),
  },
  "GET /api/v1/lineage/datasets/:datasetId": {
    name: "getDatasetLineage",
    summary: "Which training runs, model versions and answers came of a version of a dataset",
    permission: "datasets:read",
    params: dataset,
    query: z.object({ at: VersionRef }),
    response: LineageGraph,
  },
  "GET /api/v1/lineage/datasets/:datasetId/items/:itemId": {
    name: "getItemLineage",
    summary: "Where a row came from, and which training runs, model versions and answers came of it",
    permission: "datasets:read",
    params: dataset.extend({ itemId: ItemId }),
    query: z.object({ at: VersionRef }),
    response: LineageGraph,
  },
});

import { z } from "zod";
import { ItemId, Source, SplitName, VersionRef } from "../data/datasets.ts";
import { PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import { ModelVersionRef } from "./registry.ts";
import { LEFT_OUT_REASONS } from "./training-events.ts";

/** The steps from what a row was made of to an answer, in that order. */
export const LINEAGE_STEP_KINDS = [
  "source",
  "row",
  "file",
  "dataset",
  "base",
  "training-run",
  "version",
  "rollout",
  "variant",
  "endpoint-version",
  "name",
  "answer",
] as const;
export type LineageStepKind = (typeof LINEAGE_STEP_KINDS)[number];

/** `gone`: it was deleted. `hidden`: the caller cannot read it. `unknown`: it was not recorded. */
export const LINEAGE_STATES = ["there", "gone", "hidden", "unknown"] as const;

/** What a step stands for, so that a person can go there. */
export const LineageTarget = z.discriminatedUnion("to", [
  z.object({ to: z.literal("span"), traceId: z.string(), spanId: z.string() }),
  z.object({ to: z.literal("answers"), model: z.string().describe("The name in spans, such as `support@v3`.") }),
  z.object({ to: z.literal("version"), name: z.string(), version: z.number() }),
  z.object({ to: z.literal("training-run"), trainingRunId: z.string() }),
  z.object({ to: z.literal("dataset"), datasetId: z.string(), version: z.number() }),
  z.object({ to: z.literal("items"), datasetId: z.string(), version: z.number(), filter: z.string() }),
  z.object({ to: z.literal("row"), datasetId: z.string(), version: z.number(), itemId: z.string() }),
  z.object({ to: z.literal("endpoint"), endpoint: z.string() }),
  z.object({ to: z.literal("rollout"), rolloutId: z.string() }),
  z.object({ to: z.literal("models") }),
]);
export type LineageTarget = z.infer<typeof LineageTarget>;

export const LineageStep = z.object({
  id: z.string().describe("The id within this graph."),
  kind: z.enum(LINEAGE_STEP_KINDS),
  label: z.string(),
  state: z.enum(LINEAGE_STATES),
  note: z.string().describe("Why it is unavailable, or a note about it. Empty if there is nothing to report."),
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  target: LineageTarget.nullable(),
});
export type LineageStep = z.infer<typeof LineageStep>;

export const LineageGraph = z.object({
  focus: z.string().describe("The requested step."),
  steps: z.array(LineageStep),
  links: z
    .array(z.object({ from: z.string(), to: z.string(), label: z.string() }))
    .describe("From origin to result: `from` `label` `to`."),
  isCut: z.boolean().describe("Whether there are more results than shown."),
});
export type LineageGraph = z.infer<typeof LineageGraph>;

export const ROW_USES = ["trained", "held out", "filtered", "skipped", "left out"] as const;
export type RowUse = (typeof ROW_USES)[number];

/** A row that a training run was given, and where the row itself came from. */
export const LineageRow = z.object({
  itemId: z.string(),
  preview: z.string().describe("The input, shortened."),
  use: z
    .enum(ROW_USES)
    .describe(
      "`filtered`: the trainer left it out, for the reason in `reason`. `skipped`: not in the format. `left out`: in a split that the run did not use.",
    ),
  reason: z.enum(LEFT_OUT_REASONS).nullable().describe("Why the trainer left it out. Otherwise null."),
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
      "The origin of an answer: variant, endpoint version, rollout, model version, training run, base, datasets and the sources of their rows",
    permission: "traces:read",
    params: z.object({ traceId: z.string().max(64), spanId: z.string().max(32) }),
    response: LineageGraph,
  },
  "GET /api/v1/lineage/versions/:name/:version": {
    name: "getVersionLineage",
    summary: "The lineage of a model version: back to the rows, and forward to its answers",
    permission: "models:read",
    params: z.object({ name: z.string().max(100), version: ModelVersionRef }),
    response: LineageGraph,
  },
  "GET /api/v1/lineage/training-runs/:trainingRunId": {
    name: "getRunLineage",
    summary: "The inputs and results of a training run",
    permission: "training:read",
    params: run,
    response: LineageGraph,
  },
  "GET /api/v1/lineage/training-runs/:trainingRunId/rows": {
    name: "listRunRows",
    summary: "The rows of a training run: how each was used, and its origin",
    permission: "training:read",
    params: run,
    query: PageQuery.extend({
      source: z.coerce
        .number()
        .int()
        .min(0)
        .max(100)
        .default(0)
        .describe("The index of the run's source, counted from 0."),
    }),
    response: pageOf(LineageRow).extend({
      ref: z.string().describe("The dataset or file, as named in the run."),
      datasetId: z.string().nullable(),
      version: z.number().nullable(),
      total: z
        .number()
        .nullable()
        .describe("The number of rows in the source. Null for a file, which is read only as far as requested."),
    }),
  },
  "GET /api/v1/lineage/datasets/:datasetId": {
    name: "getDatasetLineage",
    summary: "The training runs, model versions and answers that result from a dataset version",
    permission: "datasets:read",
    params: dataset,
    query: z.object({ at: VersionRef }),
    response: LineageGraph,
  },
  "GET /api/v1/lineage/datasets/:datasetId/items/:itemId": {
    name: "getItemLineage",
    summary: "The origin of a row, and the training runs, model versions and answers that result from it",
    permission: "datasets:read",
    params: dataset.extend({ itemId: ItemId }),
    query: z.object({ at: VersionRef }),
    response: LineageGraph,
  },
});

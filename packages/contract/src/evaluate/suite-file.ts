import { z } from "zod";
import { ItemId, SplitName } from "../data/datasets.ts";
import { ExperimentBudget } from "./experiment-budget.ts";
import { SuiteName } from "./experiment-runs.ts";
import { ExperimentDataset, ExperimentInput, ExperimentVariant } from "./experiments.ts";
import { GateRules } from "./gates.ts";
import { ScorerRef } from "./scorers.ts";

const JsonObject = z.record(z.string().max(200), z.unknown());
const path = z.string().trim().min(1).max(4_000);

const SuiteItem = z.strictObject({
  itemId: ItemId.optional(),
  inputs: JsonObject,
  expected: z.unknown().optional(),
  metadata: JsonObject.default({}),
  split: SplitName.nullable().default(null),
});

/** A service that the suite asks, for a server that was started for it alone. */
const SuiteConnection = z.strictObject({
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "use lower-case letters, digits and hyphens, at most 40"),
  preset: z.string().max(60).describe("For example `openai` or `anthropic`."),
  baseUrl: z.url().max(500).optional().describe("The preset's address if omitted."),
  keyFrom: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, "must be the name of an environment variable")
    .optional()
    .describe("The environment variable that holds the key. A suite never contains a key."),
  models: z.array(z.string().min(1).max(200)).max(500).default([]),
});

const { shape } = ExperimentInput;

/** What `treadle eval` and `treadle gate` run: items, ways to answer them, scorers, and what a gate asks for. */
export const SuiteFile = z
  .strictObject({
    suite: SuiteName.describe("The suite's name. Runs with the same name form its history."),
    description: shape.description,
    dataset: z
      .union([
        z.string().trim().min(1).max(300).describe("A dataset on the server: its name or id, then `@` and a version."),
        ExperimentDataset.omit({ datasetId: true }).extend({ name: z.string().trim().min(1).max(200) }),
      ])
      .optional(),
    items: z
      .union([
        path.describe("A file in the folder of the suite: JSONL, JSON, CSV, TSV or Parquet."),
        z.array(SuiteItem).min(1),
      ])
      .optional(),
    variants: z.array(ExperimentVariant).min(1).max(20),
    scorers: z
      .array(
        z.union([
          z.string().trim().min(1).max(120).describe("A kind, or a stored scorer as `name` or `name@3`."),
          ScorerRef,
        ]),
      )
      .min(1)
      .max(30),
    repeats: shape.repeats,
    concurrency: shape.concurrency,
    budget: ExperimentBudget.optional(),
    cache: shape.cache,
    stop: shape.stop,
    maxOutageSeconds: shape.maxOutageSeconds,
    versions: shape.versions,
    connections: z.array(SuiteConnection).max(20).default([]),
    gate: GateRules.extend({
      variant: z.string().max(200).optional().describe("The variant that must pass. The first variant if omitted."),
      branch: z.string().min(1).max(300).default("main").describe("The branch whose last passing run is the base."),
    }).prefault({}),
  })
  .refine(({ dataset, items }) => (dataset === undefined) !== (items === undefined), {
    path: ["items"],
    message: "or `dataset` is required; set exactly one of them",
  })
  .refine(({ variants }) => new Set(variants.map(({ name }) => name)).size === variants.length, {
    path: ["variants"],
    message: "must have different names",
  })
  .refine(({ variants, gate }) => gate.variant === undefined || variants.some(({ name }) => name === gate.variant), {
    path: ["gate", "variant"],
    message: "is not the name of a variant",
  });
export type SuiteFile = z.output<typeof SuiteFile>;

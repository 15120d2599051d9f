import { z } from "zod";
import { Done, Name, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

export const SWEEP_METHODS = ["tpe", "random", "grid"] as const;
export type SweepMethod = (typeof SWEEP_METHODS)[number];
export const PRUNERS = ["median", "asha", "none"] as const;
export type PrunerName = (typeof PRUNERS)[number];
export const SWEEP_STATUSES = ["queued", "running", "done", "failed", "cancelled"] as const;

const Setting = z.union([z.string().max(400), z.number(), z.boolean()]);
export type SweepSetting = z.output<typeof Setting>;

const Values = z.strictObject({ values: z.array(Setting).min(1).max(100).describe("One of these.") });
const Range = z
  .strictObject({
    min: z.number(),
    max: z.number(),
    log: z.boolean().default(false).describe("Even in powers rather than in steps, as learning rates are."),
    whole: z.boolean().default(false).describe("Whole numbers only."),
  })
  .refine(({ min, max }) => min < max, { path: ["max"], message: "must be greater than `min`" })
  .refine(({ min, log }) => !log || min > 0, { path: ["min"], message: "must be above 0 with `log`" });

/** Where one setting is searched. */
export const SweepDimension = z.union([Values, Range]);
export type SweepDimension = z.output<typeof SweepDimension>;

export const SweepInput = z.strictObject({
  name: Name,
  config: z
    .union([z.record(z.string(), z.unknown()), z.string().max(200_000)])
    .describe("A training configuration, as an object or as YAML; what is searched is put over it."),
  search: z
    .record(
      z.string().regex(/^[a-z][a-z_]*(\.[a-z][a-z_]*)?$/, "name a setting, such as `learning_rate` or `lora.r`"),
      SweepDimension,
    )
    .refine((search) => Object.keys(search).length > 0, "name at least one setting to search")
    .refine((search) => Object.keys(search).length <= 20, "search at most 20 settings at once"),
  method: z
    .enum(SWEEP_METHODS)
    .default("tpe")
    .describe("`grid` tries all combinations, `random` draws, `tpe` draws near what went well."),
  trials: z.number().int().min(1).max(500).default(12).describe("The most runs of the search."),
  pruner: z
    .enum(PRUNERS)
    .default("median")
    .describe("Breaks off runs that fall behind: behind the median of the others, or by successive halving (`asha`)."),
  metric: z.string().trim().min(1).max(120).default("eval_loss").describe("What the evaluations of a run measure."),
  direction: z.enum(["min", "max"]).default("min"),
  repeats: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(3)
    .describe("How often the best settings are run again, each with another seed: what they give without luck."),
  maxMinutes: z.number().positive().max(100_000).nullable().default(null),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
});
export type SweepInput = z.output<typeof SweepInput>;

const number = z.number().nullable();

export const SweepTrial = z.object({
  number: z.number(),
  role: z.enum(["search", "repeat"]),
  params: z.record(z.string(), Setting),
  seed: z.number(),
  status: z.enum(["running", "done", "pruned", "failed"]),
  trainingRunId: z.string().nullable(),
  value: number.describe("The best value of the metric; null when there is none."),
  seconds: number,
  reports: z.array(z.tuple([z.number(), z.number()])).describe("Steps with the metric's values."),
  message: z.string(),
});
export type SweepTrial = z.output<typeof SweepTrial>;

export const SweepResult = z.object({
  best: number.describe("The number of the best trial."),
  value: number.describe("What it measured: too good by as much as it was picked for."),
  repeats: z
    .object({
      values: z.array(z.number()),
      mean: z.number(),
      low: number.describe("The 95 % interval of the mean over seeds (Student's t); null below two."),
      high: number,
    })
    .nullable(),
  importance: z
    .array(z.object({ setting: z.string(), share: z.number() }))
    .describe("How much of the spread of the values a setting explains by itself: ω², at least 0."),
  front: z.array(z.number()).describe("Trials that no other beats in the value and in seconds at once."),
  warnings: z.array(z.string()),
});
export type SweepResult = z.output<typeof SweepResult>;

export const Sweep = z.object({
  sweepId: z.string(),
  ...SweepInput.shape,
  status: z.enum(SWEEP_STATUSES),
  message: z.string(),
  trialsMade: z.number(),
  trialList: z.array(SweepTrial),
  result: SweepResult,
  jobId: z.string().nullable(),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type Sweep = z.output<typeof Sweep>;

const params = z.object({ sweepId: z.string() });

export const sweepsApi = defineApi({
  "GET /api/v1/sweeps": {
    name: "listSweeps",
    summary: "Searches over the settings of training, newest first",
    permission: "training:read",
    query: PageQuery.extend({ search: z.string().max(200).default("") }),
    response: pageOf(Sweep.omit({ trialList: true })),
  },
  "POST /api/v1/sweeps": {
    name: "startSweep",
    summary: "Search settings of training: runs one after another, those that fall behind broken off",
    permission: "training:write",
    body: SweepInput,
    response: Sweep,
    status: 201,
  },
  "GET /api/v1/sweeps/:sweepId": {
    name: "getSweep",
    summary: "One search: its trials, the best one, which settings matter, quality against time",
    permission: "training:read",
    params,
    response: Sweep,
  },
  "POST /api/v1/sweeps/:sweepId/cancel": {
    name: "cancelSweep",
    summary: "End a search; what its trials measured stays",
    permission: "training:write",
    params,
    response: Sweep,
  },
  "POST /api/v1/sweeps/:sweepId/resume": {
    name: "resumeSweep",
    summary: "Go on with a search that was cancelled or has failed",
    permission: "training:write",
    params,
    response: Sweep,
  },
  "DELETE /api/v1/sweeps/:sweepId": {
    name: "deleteSweep",
    summary: "Delete a search that has ended; the runs of its trials stay",
    permission: "training:write",
    params,
    response: Done,
  },
});

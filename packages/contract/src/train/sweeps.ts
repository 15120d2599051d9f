import { z } from "zod";
import { Done, Name, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

export const SWEEP_METHODS = ["tpe", "random", "grid"] as const;
export type SweepMethod = (typeof SWEEP_METHODS)[number];
export const PRUNERS = ["median", "asha", "none"] as const;
export type PrunerName = (typeof PRUNERS)[number];
export const SWEEP_STATUSES = ["queued", "running", "done", "failed", "cancelled"] as const;

const Setting = z.union([z.string().max(400), z.number(), z.boolean()]);
export type SweepSetting = z.output<typeof Setting>;

const Values = z.strictObject({ values: z.array(Setting).min(1).max(100).describe("One of these values.") });
const Range = z
  .strictObject({
    min: z.number(),
    max: z.number(),
    log: z.boolean().default(false).describe("Spread evenly on a logarithmic scale, for example for learning rates."),
    whole: z.boolean().default(false).describe("Integers only."),
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
    .describe("A training configuration, as an object or as YAML. The searched settings override it."),
  search: z
    .record(
      z.string().regex(/^[a-z][a-z_]*(\.[a-z][a-z_]*)?$/, "name a setting, such as `learning_rate` or `lora.r`"),
      SweepDimension,
    )
    .refine((search) => Object.keys(search).length > 0, "name at least one setting to search")
    .refine((search) => Object.keys(search).length <= 20, "search at most 20 settings in one sweep"),
  method: z
    .enum(SWEEP_METHODS)
    .default("tpe")
    .describe("`grid` tries all combinations, `random` draws at random, `tpe` draws near good values."),
  trials: z.number().int().min(1).max(500).default(12).describe("The maximum number of runs."),
  pruner: z
    .enum(PRUNERS)
    .default("median")
    .describe("Stops runs that fall behind: behind the median of the others, or by successive halving (`asha`)."),
  metric: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .default("eval_loss")
    .describe("The metric that a run's evaluations measure."),
  direction: z.enum(["min", "max"]).default("min"),
  repeats: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(3)
    .describe("How often to repeat the best settings with other seeds. This shows the result without luck."),
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
  value: number.describe("The best value of the metric. Null if there is none."),
  seconds: number,
  reports: z.array(z.tuple([z.number(), z.number()])).describe("Steps with the metric's values."),
  message: z.string(),
});
export type SweepTrial = z.output<typeof SweepTrial>;

export const SweepResult = z.object({
  best: number.describe("The number of the best trial."),
  value: number.describe("Its measured value. It is too optimistic, because the trial was selected for it."),
  repeats: z
    .object({
      values: z.array(z.number()),
      mean: z.number(),
      low: number.describe(
        "The 95 % interval of the mean over seeds (Student's t). Null for one seed, and if all seeds gave the same value.",
      ),
      high: number,
    })
    .nullable(),
  importance: z
    .array(z.object({ setting: z.string(), share: z.number() }))
    .describe("The share of the variance that the setting alone explains: ω², at least 0."),
  front: z.array(z.number()).describe("Trials that no other trial beats in both value and duration."),
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
    summary: "Sweeps over training settings, newest first",
    permission: "training:read",
    query: PageQuery.extend({ search: z.string().max(200).default("") }),
    response: pageOf(Sweep.omit({ trialList: true })),
  },
  "POST /api/v1/sweeps": {
    name: "startSweep",
    summary: "Start a sweep: search training settings with runs one after another, and stop runs that fall behind",
    permission: "training:write",
    body: SweepInput,
    example: {
      name: "Learning rate",
      config: { base_model: "hf:owner/repo", datasets: [{ dataset: "dst_1" }] },
      search: { learning_rate: { values: [0.0001, 0.0003] } },
    },
    response: Sweep,
    status: 201,
  },
  "GET /api/v1/sweeps/:sweepId": {
    name: "getSweep",
    summary: "One sweep: its trials, the best trial, the effect of each setting, and quality against time",
    permission: "training:read",
    params,
    response: Sweep,
  },
  "POST /api/v1/sweeps/:sweepId/cancel": {
    name: "cancelSweep",
    summary: "Cancel a sweep; the results of its trials remain",
    permission: "training:write",
    params,
    response: Sweep,
  },
  "POST /api/v1/sweeps/:sweepId/resume": {
    name: "resumeSweep",
    summary: "Continue a canceled or failed sweep",
    permission: "training:write",
    params,
    response: Sweep,
  },
  "DELETE /api/v1/sweeps/:sweepId": {
    name: "deleteSweep",
    summary: "Delete a sweep that has ended; the runs of its trials remain",
    permission: "training:write",
    params,
    response: Done,
  },
});

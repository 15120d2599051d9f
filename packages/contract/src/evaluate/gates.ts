import { z } from "zod";
import { ItemId } from "../data/datasets.ts";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { GATE_OUTCOMES, Interval, SuiteName } from "./experiment-runs.ts";
import { RunHead, VERDICTS } from "./run-comparison.ts";

/** The exit code of each outcome; 64 is a wrong use of the command. */
export const GATE_EXIT_CODES = {
  pass: 0,
  regression: 1,
  "below-floor": 2,
  inconclusive: 3,
  "provider-errors": 4,
} as const satisfies Record<(typeof GATE_OUTCOMES)[number], number>;

export const GateRule = z.strictObject({
  scorer: z.string().min(1).max(200).describe("The scorer's key."),
  margin: z.number().min(0).optional().describe("The largest drop that passes, in the score's own unit."),
  floor: z.number().nullable().default(null).describe("The lowest score that passes."),
});

export const GateRules = z.strictObject({
  scorers: z.array(GateRule).max(30).default([]).describe("Empty for every scorer with a direction."),
  margin: z.number().min(0).max(1).default(0.02).describe("For scorers without a rule: a share of the score's range."),
  alpha: z.number().min(0.0001).max(0.2).default(0.05),
  maxErrorShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe("With a higher share of provider errors, the gate does not decide."),
  minItems: z.number().int().min(1).max(1_000_000).default(20).describe("With fewer pairs, the gate does not decide."),
  onInconclusive: z
    .enum(["fail", "pass"])
    .default("fail")
    .describe("`pass`: an inconclusive gate passes, and the outcome is still reported."),
  floorBy: z
    .enum(["mean", "interval"])
    .default("mean")
    .describe(
      "`mean`: the mean is compared with the floor. `interval`: the lower bound must reach the floor to pass, with an error rate of at most `alpha`. The gate is inconclusive while the floor is between both bounds. Scores without a range need 100 items.",
    ),
  flakyShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe("An item is flaky if this share of its repeats, or of its last runs on the base branch, disagrees."),
});
export type GateRules = z.output<typeof GateRules>;

export const GateInput = z.strictObject({
  head: z.string().max(80),
  base: z
    .union([
      z.strictObject({ runId: z.string().max(80) }),
      z.strictObject({ suite: SuiteName, branch: z.string().min(1).max(300) }),
    ])
    .nullable()
    .default(null)
    .describe("A run, or the suite's last run on that branch that passed its gate. Null checks only floors."),
  rules: GateRules.prefault({}),
});
export type GateInput = z.output<typeof GateInput>;

export const GateRow = z.object({
  scorer: z.string(),
  name: z.string(),
  outcome: z.enum(GATE_OUTCOMES),
  verdict: z.enum(VERDICTS).nullable().describe("Compared with the base. Null without a base."),
  items: z.number(),
  meanBase: z.number().nullable(),
  meanHead: z.number().nullable(),
  headInterval: Interval.nullable().describe(
    "Bounds of the head's mean, each with an error rate of at most `alpha`. Null without a bound.",
  ),
  difference: z.number().nullable().describe("The head's value minus the base's value."),
  interval: Interval.nullable().describe("The interval of the difference."),
  pValue: z.number().nullable().describe("Corrected by Holm over the scorers."),
  test: z.string(),
  margin: z.number(),
  floor: z.number().nullable(),
  minimumDetectableEffect: z.number().nullable(),
  moreItems: z.number().nullable(),
  reason: z.string().describe("The reason, in words."),
});
export type GateRow = z.infer<typeof GateRow>;

export const FlakyItem = z.object({
  itemId: z.string(),
  scorer: z.string(),
  share: z.number().describe("The share of its answers that differ from the majority."),
  answers: z.number(),
});
export const QuarantinedItem = z.object({
  suite: z.string(),
  itemId: z.string(),
  reason: z.string(),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type QuarantinedItem = z.infer<typeof QuarantinedItem>;

export const GateDecision = z.object({
  outcome: z.enum(GATE_OUTCOMES),
  exitCode: z.number(),
  headline: z.string().describe("The reason in one sentence."),
  reasons: z.array(z.string()),
  base: RunHead.nullable(),
  head: RunHead,
  scorers: z.array(GateRow),
  answers: z.number().describe("The number of answers of the head."),
  errors: z.number().describe("The number of provider errors of the head."),
  errorShare: z.number(),
  moreItems: z.number().nullable().describe("The number of further items that would decide the open scores."),
  flaky: z.array(FlakyItem).describe("Items that were flaky in these runs. They still count."),
  quarantined: z.array(QuarantinedItem).describe("Items left out of the decision."),
  warnings: z.array(z.string()),
  decidedAt: Timestamp,
});
export type GateDecision = z.infer<typeof GateDecision>;

export const gatesApi = defineApi({
  "POST /api/v1/gates/decide": {
    name: "decideGate",
    summary: "Decide whether a run passes a gate, compared with a base run or with floors",
    permission: "experiments:write",
    description:
      "`outcome` is `pass`, `regression`, `below-floor`, `inconclusive` or `provider-errors`. Items in quarantine do not count.",
    body: GateInput,
    example: { head: "run_2", base: { runId: "run_1" } },
    response: GateDecision,
  },
  "GET /api/v1/quarantine": {
    name: "listQuarantine",
    summary: "Quarantined items of a suite, with reasons",
    permission: "experiments:read",
    query: PageQuery.extend({ suite: SuiteName }),
    response: pageOf(QuarantinedItem),
  },
  "POST /api/v1/quarantine": {
    name: "quarantineItems",
    summary: "Quarantine items of a suite; they are still run and shown, but gates ignore them",
    permission: "experiments:write",
    body: z.strictObject({
      suite: SuiteName,
      itemIds: z.array(ItemId).min(1).max(1_000),
      reason: z.string().trim().min(1).max(2_000),
    }),
    response: z.object({ items: z.array(QuarantinedItem) }),
  },
  "POST /api/v1/quarantine/release": {
    name: "releaseItems",
    summary: "Remove items of a suite from quarantine",
    permission: "experiments:write",
    body: z.strictObject({ suite: SuiteName, itemIds: z.array(ItemId).min(1).max(1_000) }),
    response: Done,
  },
});

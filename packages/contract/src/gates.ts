import { z } from "zod";
import { ItemId } from "./datasets.ts";
import { GATE_OUTCOMES, Interval, SuiteName } from "./experiment-runs.ts";
import { Done, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";
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
  scorer: z.string().min(1).max(200).describe("Its key."),
  margin: z.number().min(0).optional().describe("How much worse still passes, in the score's own unit."),
  floor: z.number().nullable().default(null).describe("The head must be at least as good as this."),
});

export const GateRules = z.strictObject({
  scorers: z.array(GateRule).max(30).default([]).describe("Empty for every scorer that says which way is better."),
  margin: z.number().min(0).max(1).default(0.02).describe("For rules without one: a share of the score's range."),
  alpha: z.number().min(0.0001).max(0.2).default(0.05),
  maxErrorShare: z.number().min(0).max(1).default(0.05).describe("More provider errors than this decide nothing."),
  minItems: z.number().int().min(1).max(1_000_000).default(20).describe("Fewer pairs than this decide nothing."),
  onInconclusive: z
    .enum(["fail", "pass"])
    .default("fail")
    .describe("`pass`: what could not be decided passes, and is still told."),
  floorBy: z
    .enum(["mean", "interval"])
    .default("mean")
    .describe(
      "`interval`: below a floor only when the score's whole interval is, and not decided while the floor lies within it.",
    ),
  flakyShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe("An item is flaky when so many of its repeats, or of its last runs on the base branch, disagree."),
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
    .describe("A run, or the last one of the suite on that branch whose gate passed. Null looks at floors only."),
  rules: GateRules.prefault({}),
});
export type GateInput = z.output<typeof GateInput>;

export const GateRow = z.object({
  scorer: z.string(),
  name: z.string(),
  outcome: z.enum(GATE_OUTCOMES),
  verdict: z.enum(VERDICTS).nullable().describe("Against the base; null without one."),
  items: z.number(),
  meanBase: z.number().nullable(),
  meanHead: z.number().nullable(),
  headInterval: Interval.nullable().describe("Of the head's own mean."),
  difference: z.number().nullable().describe("Head minus base."),
  interval: Interval.nullable().describe("Of the difference."),
  pValue: z.number().nullable().describe("Corrected by Holm over the scorers."),
  test: z.string(),
  margin: z.number(),
  floor: z.number().nullable(),
  minimumDetectableEffect: z.number().nullable(),
  moreItems: z.number().nullable(),
  reason: z.string().describe("For a person."),
});
export type GateRow = z.infer<typeof GateRow>;

export const FlakyItem = z.object({
  itemId: z.string(),
  scorer: z.string(),
  share: z.number().describe("How many of its answers disagree with the most of them."),
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
  headline: z.string().describe("One sentence."),
  reasons: z.array(z.string()),
  base: RunHead.nullable(),
  head: RunHead,
  scorers: z.array(GateRow),
  answers: z.number().describe("Of the head."),
  errors: z.number().describe("Provider errors of the head."),
  errorShare: z.number(),
  moreItems: z.number().nullable().describe("So many more would decide what is not decided."),
  flaky: z.array(FlakyItem).describe("Found in these runs; they still count."),
  quarantined: z.array(QuarantinedItem).describe("Left out of the decision."),
  warnings: z.array(z.string()),
  decidedAt: Timestamp,
});
export type GateDecision = z.infer<typeof GateDecision>;

export const gatesApi = defineApi({
  "POST /api/v1/gates/decide": {
    name: "decideGate",
    summary: "Whether a run may pass: against a base run, against floors, or not to be decided yet",
    permission: "experiments:write",
    body: GateInput,
    response: GateDecision,
  },
  "GET /api/v1/quarantine": {
    name: "listQuarantine",
    summary: "Items of a suite that gates leave out, and why",
    permission: "experiments:read",
    query: z.object({ suite: SuiteName }),
    response: z.object({ items: z.array(QuarantinedItem) }),
  },
  "POST /api/v1/quarantine": {
    name: "quarantineItems",
    summary: "Leave items out of a suite's gates; they are still run and shown",
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
    summary: "Let items count again in a suite's gates",
    permission: "experiments:write",
    body: z.strictObject({ suite: SuiteName, itemIds: z.array(ItemId).min(1).max(1_000) }),
    response: Done,
  },
});

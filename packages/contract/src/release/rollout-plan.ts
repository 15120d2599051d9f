import { z } from "zod";
import { SpanAssignment } from "../observe/spans.ts";

export const ROLLOUT_ACTIONS = ["rollback", "hold", "warn"] as const;

/** The longest duration of a request that is not slow, in milliseconds. */
export const LatencyBudget = z
  .number()
  .positive()
  .max(86_400_000)
  .nullable()
  .default(null)
  .describe(
    "Slower requests count as slow. Null is the 95th percentile of the control over the 7 days before the start.",
  );

/** What a rollout compares. Each unit has one value: the mean over its requests. */
export const RolloutMetric = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("error") }).describe("Failed requests. A response of a fallback counts as failed."),
  z
    .strictObject({ kind: z.literal("latency"), budgetMs: LatencyBudget })
    .describe("Requests that take longer than the budget."),
  z
    .strictObject({ kind: z.literal("first-token"), budgetMs: LatencyBudget })
    .describe("Streams whose first token comes later."),
  z
    .strictObject({ kind: z.literal("cost") })
    .describe("US dollars per request. The margin is relative to the control."),
  z
    .strictObject({ kind: z.literal("schema") })
    .describe("Requests for JSON whose response is not JSON, or lacks a required property at its top level."),
  z.strictObject({ kind: z.literal("refusal") }).describe("Responses that the model or its filter refused."),
  z
    .strictObject({
      kind: z.literal("score"),
      name: z.string().trim().min(1).max(200).describe("The name of a score, a scorer or feedback."),
      maturityMinutes: z
        .number()
        .int()
        .min(0)
        .max(43_200)
        .default(10)
        .describe("A request counts this long after it began, in both arms, so that late scores do not favour one."),
    })
    .describe("A score of the responses, such as a judge's. A response of a fallback has none."),
]);
export type RolloutMetric = z.output<typeof RolloutMetric>;

export const RolloutStage = z.strictObject({
  share: z.number().gt(0).max(0.99).describe("The share of units that the candidate gets."),
  minUnits: z.number().int().min(1).max(10_000_000).default(100).describe("Units of the candidate, in this stage."),
  minMinutes: z
    .number()
    .int()
    .min(0)
    .max(129_600)
    .default(60)
    .describe("How long the stage is observed at least. A full day, 1440, covers a daily cycle."),
  needsApproval: z.boolean().default(false).describe("A person approves the end of the stage."),
});
export type RolloutStage = z.output<typeof RolloutStage>;

export const RolloutGuardrail = z.strictObject({
  metric: RolloutMetric,
  direction: z
    .enum(["lower", "higher"])
    .default("lower")
    .describe("Which values are better. Only a score can be `higher`."),
  margin: z
    .number()
    .gt(0)
    .max(1_000_000)
    .describe(
      "Harm below this is acceptable: a difference of rates, of scores, or for the cost a share of the control's.",
    ),
  action: z.enum(ROLLOUT_ACTIONS).default("rollback").describe("What evidence of harm does."),
  isRequired: z
    .boolean()
    .default(true)
    .describe(
      "A stage ends only when the harm is shown to lie below the margin. Otherwise it is enough that none was found.",
    ),
});
export type RolloutGuardrail = z.output<typeof RolloutGuardrail>;

/** A monitor that a rollout obeys. */
export const RolloutMonitor = z.strictObject({
  monitorId: z.string().min(1).max(100),
  action: z.enum(ROLLOUT_ACTIONS).default("hold").describe("What the rollout does while the monitor is firing."),
});
export type RolloutMonitor = z.output<typeof RolloutMonitor>;

const variant = z.string().min(1).max(40);

/** What keeps its variant during a comparison, and counts once. */
export const ComparedUnit = SpanAssignment.shape.unit
  .default("user")
  .describe("What is compared. Requests without this unit are served, but not counted.");

/** What a rollout is made of. It can be changed until it starts. */
export const RolloutInput = z.strictObject({
  endpointId: z.string().min(1).max(100),
  candidate: variant.describe("The variant that is tried. Its weight is 0."),
  control: variant.describe("The variant that the candidate is compared with, at the same time."),
  unit: ComparedUnit,
  stages: z.array(RolloutStage).min(1).max(10).describe("In order, each with a larger share."),
  guardrails: z.array(RolloutGuardrail).min(1).max(10),
  monitors: z
    .array(RolloutMonitor)
    .max(20)
    .refine((list) => new Set(list.map(({ monitorId }) => monitorId)).size === list.length, "must not repeat a monitor")
    .default([])
    .describe("Monitors that stop the rollout while they are firing."),
  alpha: z
    .number()
    .min(0.0001)
    .max(0.2)
    .default(0.05)
    .describe("The probability of a false alarm over the whole rollout. It is divided among the guardrails."),
  maxDays: z
    .number()
    .positive()
    .max(90)
    .default(14)
    .describe("After this time without a decision, the rollout is inconclusive."),
  onInconclusive: z
    .enum(["pause", "rollback"])
    .default("pause")
    .describe("An inconclusive rollout is never promoted. A paused one gets no new units and expires after `maxDays`."),
});
export type RolloutInput = z.output<typeof RolloutInput>;

import { z } from "zod";
import { SpanAssignment } from "../observe/spans.ts";
import { Timestamp } from "../pages.ts";

export const ROLLOUT_STATES = ["draft", "running", "holding", "paused", "promoted", "rolled-back", "expired"] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];
export const ROLLOUT_ACTIONS = ["rollback", "hold", "warn"] as const;

const budgetMs = z
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
  z.strictObject({ kind: z.literal("latency"), budgetMs }).describe("Requests that take longer than the budget."),
  z.strictObject({ kind: z.literal("first-token"), budgetMs }).describe("Streams whose first token comes later."),
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

const variant = z.string().min(1).max(40);

/** What a rollout is made of. It can be changed until it starts. */
export const RolloutInput = z.strictObject({
  endpointId: z.string().min(1).max(100),
  candidate: variant.describe("The variant that is tried. Its weight is 0."),
  control: variant.describe("The variant that the candidate is compared with, at the same time."),
  unit: SpanAssignment.shape.unit
    .default("user")
    .describe("What is compared. Requests without this unit are served, but not counted."),
  stages: z.array(RolloutStage).min(1).max(10).describe("In order, each with a larger share."),
  guardrails: z.array(RolloutGuardrail).min(1).max(10),
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

const arms = z.object({ candidate: z.number(), control: z.number() });

/** What a guardrail's metric has shown. */
export const RolloutFinding = z.object({
  key: z.string().describe("The metric as a word, such as `error` or `score:helpful`."),
  metric: RolloutMetric.describe("With the budget that the rollout uses."),
  action: z.enum(ROLLOUT_ACTIONS),
  isRequired: z.boolean(),
  margin: z.number(),
  units: arms.describe("Units with a value."),
  values: z
    .object({ candidate: z.number().nullable(), control: z.number().nullable() })
    .describe("The mean over the units of each arm."),
  missing: arms.describe("Units without a value, such as units whose responses have no score."),
  evidence: z.number().describe("The base-10 logarithm of the e-value of harm, over all stages since the last resume."),
  line: z.number().describe("Evidence at this line is proof at the guardrail's share of alpha."),
  harm: z
    .number()
    .nullable()
    .describe("The difference, turned so that above 0 is worse. Null below 100 units in an arm."),
  lowerBound: z.number().nullable().describe("The harm is above this, at the guardrail's share of alpha."),
  upperBound: z.number().nullable().describe("The harm is below this, at the guardrail's share of alpha."),
  status: z
    .enum(["collecting", "harm", "safe", "unclear"])
    .describe("`safe`: the harm lies below the margin. `collecting`: an arm has too few units for an interval."),
  moreRequests: z
    .number()
    .nullable()
    .describe(
      "About how many more requests of both arms a decision takes at the present difference. Null if none suffices.",
    ),
  filter: z.string().describe("The candidate's requests behind the number, in the filter language for traces."),
});
export type RolloutFinding = z.output<typeof RolloutFinding>;

/** The numbers that a decision is made from. */
export const RolloutEvidence = z.object({
  at: Timestamp,
  stage: z.number().describe("From 0."),
  share: z.number(),
  units: arms,
  requests: arms,
  excluded: z.object({
    forced: z.number().describe("Requests whose variant was named by the caller, or kept by their conversation."),
    otherUnit: z.number().describe("Requests that have another kind of unit."),
    otherShare: z.number().describe("Requests that a server assigned by another share, around a change of the stage."),
    changedVariant: z.number().describe("Units that both arms answered."),
    beganEarlier: z.number().describe("Conversations and sessions that began before the stage."),
  }),
  ratio: z
    .object({ evidence: z.number(), line: z.number() })
    .describe("The evidence that units are not divided as intended, as a base-10 logarithm."),
  metrics: z.array(RolloutFinding),
  waitingFor: z.array(
    z.object({
      reason: z.enum(["units", "time", "metric", "maturity", "clock", "approval"]),
      message: z.string(),
      moreRequests: z.number().nullable().describe("Null if it does not depend on requests."),
    }),
  ),
  observedMinutes: z
    .number()
    .describe("How long the stage was observed. Time without a running server does not count."),
});
export type RolloutEvidence = z.output<typeof RolloutEvidence>;

export const ROLLOUT_REASONS = [
  "person",
  "harm",
  "failures",
  "approval",
  "ratio",
  "missing-scores",
  "no-metric",
  "configuration",
  "unavailable",
  "inconclusive",
  "expired",
  "passed",
] as const;
export type RolloutReason = (typeof ROLLOUT_REASONS)[number];

export const Rollout = z.object({
  rolloutId: z.string(),
  ...RolloutInput.shape,
  endpoint: z.string().describe("The endpoint's name."),
  state: z.enum(ROLLOUT_STATES),
  stage: z.number().nullable().describe("The stage from 0. Null before the start."),
  share: z.number().describe("The share that the candidate has now."),
  reason: z.enum(ROLLOUT_REASONS).nullable().describe("Why it is in its state."),
  message: z.string().describe("The same as a sentence."),
  lastError: z.string().describe("Why the last evaluation failed. Empty if it did not."),
  evidence: RolloutEvidence.nullable(),
  startedAt: Timestamp.nullable(),
  stageStartedAt: Timestamp.nullable(),
  endsAt: Timestamp.nullable().describe("When a running rollout is inconclusive, or a paused one expires."),
  endedAt: Timestamp.nullable(),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Rollout = z.output<typeof Rollout>;

/** One change of a rollout, with the numbers it was made from. */
export const RolloutEvent = z.object({
  eventId: z.string(),
  at: Timestamp,
  kind: z.enum([
    "created",
    "changed",
    "started",
    "next-stage",
    "holding",
    "paused",
    "resumed",
    "promoted",
    "rolled-back",
    "expired",
    "warned",
  ]),
  stage: z.number().nullable(),
  share: z.number(),
  reason: z.enum(ROLLOUT_REASONS).nullable(),
  message: z.string(),
  evidence: RolloutEvidence.nullable(),
  actor: z.string().describe("A person, an API key, or `system` for the rollout itself."),
});
export type RolloutEvent = z.output<typeof RolloutEvent>;

/** One look at a rollout. Looks lie closer together while it is young. */
export const RolloutPoint = z.object({
  at: Timestamp,
  stage: z.number(),
  share: z.number(),
  units: arms,
  metrics: z.array(
    RolloutFinding.pick({
      key: true,
      values: true,
      evidence: true,
      line: true,
      harm: true,
      lowerBound: true,
      upperBound: true,
    }),
  ),
});
export type RolloutPoint = z.output<typeof RolloutPoint>;

/** What a rollout can find out with the traffic of the last 7 days. */
export const RolloutEstimate = z.object({
  unitsPerDay: z.number().describe("Units of the candidate and the control together."),
  requestsPerDay: z.number(),
  stages: z.array(
    z.object({
      share: z.number(),
      daysToMinimum: z.number().nullable().describe("Until the stage has its units and minutes. Null without traffic."),
      metrics: z.array(
        z.object({
          key: z.string(),
          controlValue: z.number().nullable().describe("Null if the control has no such values yet."),
          requestsToFindDouble: z
            .number()
            .nullable()
            .describe(
              "About how many requests find half of the candidates with twice the rate, from simulated rollouts. Null for costs and scores.",
            ),
          requestsToShowSafe: z
            .number()
            .nullable()
            .describe("About how many requests show that an equal candidate's harm lies below the margin."),
          daysToShowSafe: z.number().nullable(),
        }),
      ),
    }),
  ),
});
export type RolloutEstimate = z.output<typeof RolloutEstimate>;

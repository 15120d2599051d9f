import { z } from "zod";
import { Timestamp } from "../pages.ts";
import { ROLLOUT_ACTIONS, RolloutMetric } from "./rollout-plan.ts";

/** A number for each arm. */
export const ArmNumbers = z.object({ candidate: z.number(), control: z.number() });

/** How a comparison takes away what the units' own past explains (CUPED). */
export const RolloutAdjustment = z.object({
  slope: z
    .number()
    .describe("How much of the distance from `centre` is taken away. It is fixed until the end of the day in UTC."),
  centre: z.number().describe("The earlier mean from which a unit's distance is measured."),
  fittedAt: Timestamp.describe("The requests until this time gave `slope` and `centre`."),
  units: ArmNumbers.describe("Units with a value before the rollout. The other units are compared as they are."),
  varianceReduction: z
    .number()
    .describe("The share of the difference's variance that the adjustment takes away. 0.38 is 38 %."),
});
export type RolloutAdjustment = z.output<typeof RolloutAdjustment>;

/** What a guardrail's metric has shown. */
export const RolloutFinding = z.object({
  key: z.string().describe("The metric as a word, such as `error` or `score:helpful`."),
  metric: RolloutMetric.describe("With the budget that the rollout uses."),
  action: z.enum(ROLLOUT_ACTIONS),
  isRequired: z.boolean(),
  margin: z.number(),
  units: ArmNumbers.describe("Units with a value."),
  values: z
    .object({ candidate: z.number().nullable(), control: z.number().nullable() })
    .describe("The mean over the units of each arm."),
  missing: ArmNumbers.describe("Units without a value, such as units whose responses have no score."),
  evidence: z.number().describe("The base-10 logarithm of the e-value of harm, over all stages since the last resume."),
  line: z.number().describe("Evidence at this line is proof at the guardrail's share of alpha."),
  adjustment: RolloutAdjustment.nullable().describe(
    "How `harm` and its bounds are adjusted by each unit's mean of the same metric in the 7 days before the rollout. Null without an adjustment.",
  ),
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
  units: ArmNumbers,
  requests: ArmNumbers,
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

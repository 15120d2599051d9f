import { z } from "zod";
import { Timestamp } from "../pages.ts";
import { ArmNumbers, RolloutEvidence, RolloutFinding } from "./rollout-evidence.ts";
import { RolloutInput } from "./rollout-plan.ts";

export const ROLLOUT_STATES = ["draft", "running", "holding", "paused", "promoted", "rolled-back", "expired"] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];
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
  "deployment",
  "monitor",
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
  units: ArmNumbers,
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

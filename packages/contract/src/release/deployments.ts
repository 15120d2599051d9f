import { z } from "zod";
import { Timestamp } from "../pages.ts";
import { ModelAlias, ModelName } from "../train/registry.ts";
import { RolloutInput } from "./rollout-plan.ts";
import { ROLLOUT_STATES } from "./rollouts.ts";

export const DEPLOYMENT_STATES = ["running", "deployed", "rolled-back"] as const;
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

/** What the rollouts of deployments have in common. The endpoint and its variants come from the alias. */
export const RolloutTemplate = RolloutInput.omit({ endpointId: true, candidate: true, control: true });
export type RolloutTemplate = z.output<typeof RolloutTemplate>;

export const DEFAULT_ROLLOUT_TEMPLATE: RolloutTemplate = RolloutTemplate.parse({
  stages: [{ share: 0.1 }, { share: 0.5 }],
  guardrails: [
    { metric: { kind: "error" }, margin: 0.02 },
    { metric: { kind: "refusal" }, margin: 0.02 },
  ],
});

export const DeploymentSettings = z.object({
  rolloutOnAlias: z
    .enum(["off", "required"])
    .describe(
      "`required`: an alias that endpoints use moves only after a rollout on each of them. `off`: it moves immediately.",
    ),
  template: RolloutTemplate.describe(
    "Stages and guardrails of these rollouts. An endpoint that assigns variants by another unit uses that unit.",
  ),
});
export type DeploymentSettings = z.output<typeof DeploymentSettings>;

export const DeploymentRollout = z.object({
  rolloutId: z.string(),
  endpointId: z.string(),
  endpoint: z.string().describe("The endpoint's name."),
  control: z.string().describe("The variant that uses the alias."),
  candidate: z.string().describe("Its copy with the new version. It is removed when the deployment ends."),
  state: z.enum(ROLLOUT_STATES),
});
export type DeploymentRollout = z.output<typeof DeploymentRollout>;

/** A move of an alias, with a rollout on each endpoint that uses the alias. */
export const Deployment = z.object({
  deploymentId: z.string(),
  model: z.string(),
  alias: z.string(),
  fromVersion: z.number().nullable().describe("Null if the alias is new."),
  toVersion: z.number(),
  state: z
    .enum(DEPLOYMENT_STATES)
    .describe("`deployed`: the alias has moved. `rolled-back`: the alias stays at `fromVersion`."),
  message: z.string().describe("Why it is in its state, as a sentence. Empty if there is nothing to report."),
  reason: z.string(),
  rollouts: z.array(DeploymentRollout).describe("Empty if no endpoint uses the alias."),
  createdBy: z.string(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type Deployment = z.output<typeof Deployment>;

export const DeploymentInput = z.strictObject({
  model: ModelName,
  version: z.number().int().min(1).max(1_000_000_000),
  alias: ModelAlias.default("production"),
  reason: z.string().trim().max(2_000).default(""),
});
export type DeploymentInput = z.output<typeof DeploymentInput>;

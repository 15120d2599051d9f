import type { Answer } from "../../../api.ts";
import type { Rollout, RolloutBody } from "./use-rollouts.ts";

export type DraftStage = RolloutBody["stages"][number];
export type DraftGuardrail = RolloutBody["guardrails"][number];
export type DraftMonitor = NonNullable<RolloutBody["monitors"]>[number];
export type EndpointChoice = Answer<"GET /api/v1/endpoints">["items"][number];

const DAY_MINUTES = 1_440;

/** The stages and guardrails that a new form begins with. */
export const BEGUN = {
  unit: "user",
  stages: [
    { share: 0.05, minUnits: 100, minMinutes: 60 },
    { share: 0.25, minUnits: 500, minMinutes: DAY_MINUTES },
    { share: 0.5, minUnits: 1_000, minMinutes: DAY_MINUTES, needsApproval: true },
  ],
  guardrails: [
    { metric: { kind: "error" }, margin: 0.01 },
    { metric: { kind: "latency" }, margin: 0.03 },
    { metric: { kind: "cost" }, margin: 0.1, action: "hold" },
  ],
  alpha: 0.05,
  maxDays: 14,
  onInconclusive: "pause",
} satisfies Partial<RolloutBody>;

/** The variants that a rollout of the endpoint compares: the first without a weight, and the heaviest. */
export function armsOf({ variants }: Pick<EndpointChoice, "variants">): Pick<RolloutBody, "candidate" | "control"> {
  const heaviest = variants.reduce((most, one) => (one.weight > most.weight ? one : most));
  const candidate = variants.find(({ weight }) => weight === 0);
  return { candidate: candidate?.name ?? "", control: heaviest.name };
}

/** What of a draft the form holds. */
export const fieldsOf = (draft: Rollout): RolloutBody => ({
  endpointId: draft.endpointId,
  candidate: draft.candidate,
  control: draft.control,
  unit: draft.unit,
  stages: draft.stages,
  guardrails: draft.guardrails,
  monitors: draft.monitors,
  alpha: draft.alpha,
  maxDays: draft.maxDays,
  onInconclusive: draft.onInconclusive,
});

/** A stage after the last one, with twice its share. */
export function nextStage(stages: readonly DraftStage[]): DraftStage {
  const last = stages.at(-1);
  if (!last) return { share: 0.05, minUnits: 100, minMinutes: 60 };
  return { ...last, share: Math.min(0.99, Number((last.share * 2).toPrecision(2))), needsApproval: false };
}

import type { Endpoint, RolloutInput, RolloutStage } from "@treadle/contract";

/** What a rollout is made of, without the endpoint. */
export type Plan = Omit<RolloutInput, "endpointId">;

/** What a passed stage has shown: the natural logarithm of each metric's evidence. */
export type FinishedStage = { readonly stage: number; readonly logEvidence: Readonly<Record<string, number>> };

/** The guardrail's part of the rollout's false alarms. */
export const alphaOf = ({ alpha, guardrails }: Pick<Plan, "alpha" | "guardrails">): number => alpha / guardrails.length;

/** The part of the traffic outside the candidate that the control gets: only variants of the lowest priority are drawn. */
export function controlPartOf(variants: Endpoint["variants"], control: string): number {
  const drawn = variants.filter(({ weight }) => weight > 0);
  const lowest = Math.min(...drawn.map(({ priority }) => priority));
  const first = drawn.filter(({ priority }) => priority === lowest);
  const total = first.reduce((sum, { weight }) => sum + weight, 0);
  return (first.find(({ name }) => name === control)?.weight ?? 0) / Math.max(1, total);
}

/** The share of the two arms' units that is the candidate's, when the control has this part of the other traffic. */
export const shareOfArms = (share: number, controlPart: number): number => share / (share + (1 - share) * controlPart);

/** Units of both arms at the stage's minimum, where its intervals are narrowest. */
export const tunedFor = ({ minUnits }: RolloutStage, share: number): number =>
  Math.max(200, Math.round(minUnits / share));

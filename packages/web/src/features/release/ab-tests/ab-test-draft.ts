import type { Answer } from "../../../api.ts";
import { metricKey } from "../comparisons/index.ts";
import type { AbTest, AbTestBody } from "./use-ab-tests.ts";

export type EndpointChoice = Answer<"GET /api/v1/endpoints">["items"][number];
export type DraftArm = AbTestBody["arms"][number];

/** What a new form begins with. */
export const BEGUN = {
  unit: "user",
  metrics: [
    { metric: { kind: "error" }, margin: 0.01 },
    { metric: { kind: "latency" }, margin: 0.03 },
    { metric: { kind: "cost" }, margin: 0.1 },
    { metric: { kind: "refusal" }, margin: 0.02 },
  ],
  alpha: 0.05,
  expectedUnits: 5_000,
  allocation: "fixed",
  adaptive: null,
} satisfies Partial<AbTestBody>;

/** Equal shares with at most three decimals, which add up to 1. */
export function evenShares(variants: readonly string[]): DraftArm[] {
  const share = Number((1 / Math.max(1, variants.length)).toFixed(3));
  const last = Number((1 - share * (variants.length - 1)).toFixed(3));
  return variants.map((variant, place) => ({ variant, share: place === variants.length - 1 ? last : share }));
}

/** The arms that a test of the endpoint begins with: its heaviest variant as the control, and one more. */
export function armsOf({ variants }: Pick<EndpointChoice, "variants">): Pick<AbTestBody, "arms" | "control"> {
  const sorted = variants.toSorted((one, other) => other.weight - one.weight);
  const [control, other] = sorted;
  return { control: control?.name ?? "", arms: evenShares([control, other].flatMap((one) => one?.name ?? [])) };
}

/** What of a draft the form holds. */
export const fieldsOf = (draft: AbTest): AbTestBody => ({
  name: draft.name,
  endpointId: draft.endpointId,
  control: draft.control,
  arms: draft.arms,
  unit: draft.unit,
  metrics: draft.metrics,
  alpha: draft.alpha,
  expectedUnits: draft.expectedUnits,
  allocation: draft.allocation,
  adaptive: draft.adaptive,
});

/** What adaptive shares begin with: the first metric moves them. */
export const adaptiveOf = ({ metrics }: Partial<Pick<AbTestBody, "metrics">>) => ({
  goal: metrics?.[0] ? metricKey(metrics[0].metric) : "",
  method: "thompson" as const,
  holdout: 0.1,
  floor: 0.05,
});

import { type Estimate, FEWEST_PAIRS, type LiveAgreement } from "@treadle/contract";
import { countOf } from "../../../kernel/count-of.ts";
import { toEstimate } from "../calibration/index.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import type { CountedPair } from "./stores/day-store.ts";

export const tooFew = (pairs: number) => `Not enough pairs: ${countOf(pairs, "pair")} of ${FEWEST_PAIRS}.`;

/** κ of a judge and people, with its bootstrap interval. Without enough pairs it has no value. */
export async function measureKappa(
  { ask }: Pick<LiveAgreementDeps, "ask">,
  scale: LiveAgreement["scale"],
  pairs: readonly Pick<CountedPair, "human" | "judge" | "humanValue" | "judgeValue">[],
): Promise<Estimate> {
  if (pairs.length < FEWEST_PAIRS) return toEstimate(null, tooFew(pairs.length));
  const units = pairs.map(({ human, judge, humanValue, judgeValue }) =>
    scale === "label" ? [human, judge] : [humanValue ?? 0, judgeValue ?? 0],
  );
  const { kappa } = await ask("agreement", { units, scale: scale === "number" ? "interval" : "nominal" });
  return toEstimate(kappa, kappa.reason);
}

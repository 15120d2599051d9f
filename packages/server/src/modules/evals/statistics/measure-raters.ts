import {
  agreementInterval,
  cohenKappa,
  createRandom,
  fleissKappa,
  krippendorffAlpha,
  type Measured,
  rawAgreement,
  type Units,
} from "@treadle/metrics";
import type { Agreed } from "./measure-agreement.ts";

/** What any number of raters said of the same things. Ordinal ratings are near or far apart by their ranks. */
export type RatersOrder = {
  /** Of exactly two raters the first and the second in each unit; else whatever was said, in any order. */
  readonly units: Units;
  readonly level: "nominal" | "ordinal";
  readonly isPair: boolean;
};
export type RatersAnswer = {
  readonly raw: Agreed;
  readonly kappa: Agreed;
  readonly kappaKind: "cohen" | "fleiss";
  readonly alpha: Agreed;
};

const SEED = 1;
const [FEWEST, MOST] = [100, 1_000];
/** The work of one resample grows with the ratings and with the square of the different values. */
const MOST_WORK = 4_000_000;

/** Raw agreement, Cohen's or Fleiss' kappa and Krippendorff's alpha, with bootstrap intervals. */
export function measureRaters({ units, level, isPair }: RatersOrder): RatersAnswer {
  const distinct = new Set(units.flat()).size;
  const work = units.length + distinct * distinct;
  const resamples = Math.min(MOST, Math.max(FEWEST, Math.floor(MOST_WORK / Math.max(1, work))));
  const agreed = (measure: (units: Units) => Measured): Agreed => {
    const measured = measure(units);
    if (measured.value === null) return { ...measured, interval: null };
    const { interval, reason } = agreementInterval(units, measure, { random: createRandom(SEED), resamples });
    return { ...measured, interval, reason };
  };
  return {
    raw: agreed(rawAgreement),
    kappa: agreed((drawn) =>
      isPair ? cohenKappa(drawn, { weights: level === "ordinal" ? "quadratic" : "none" }) : fleissKappa(drawn),
    ),
    kappaKind: isPair ? "cohen" : "fleiss",
    alpha: agreed((drawn) => krippendorffAlpha(drawn, { level })),
  };
}

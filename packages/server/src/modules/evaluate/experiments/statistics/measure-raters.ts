import {
  agreementInterval,
  cohenKappa,
  createRandom,
  fleissKappa,
  krippendorffAlpha,
  type Measured,
  rawAgreement,
  type Units,
  wilsonInterval,
} from "@treadle/metrics";
import type { Agreed } from "./measure-agreement.ts";

/** Any number of raters' ratings of the same items. Ordinal ratings have distances by rank. */
export type RatersOrder = {
  /** For exactly two raters, the first and the second in each unit. Otherwise all ratings, in any order. */
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
    raw: rawOf(units, agreed(rawAgreement)),
    kappa: agreed((drawn) =>
      isPair ? cohenKappa(drawn, { weights: level === "ordinal" ? "quadratic" : "none" }) : fleissKappa(drawn),
    ),
    kappaKind: isPair ? "cohen" : "fleiss",
    alpha: agreed((drawn) => krippendorffAlpha(drawn, { level })),
  };
}

/** Where all raters agree on everything, resampling finds no spread; the interval is then of so many units that all pass. */
function rawOf(units: Units, raw: Agreed): Agreed {
  if (raw.value !== 1 || raw.interval !== null) return raw;
  const n = units.filter((ratings) => ratings.filter((rating) => rating !== null).length > 1).length;
  const interval = wilsonInterval({ successes: n, n });
  return { ...raw, interval, reason: null };
}

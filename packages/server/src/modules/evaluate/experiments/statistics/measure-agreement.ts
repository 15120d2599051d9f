import {
  type AgreementInterval,
  agreementInterval,
  cohenKappa,
  createRandom,
  krippendorffAlpha,
  type Measured,
  type Units,
} from "@treadle/metrics";

/** Two raters' ratings of the same items. Numbers have distances; other values are equal or not. */
export type AgreementOrder = { readonly units: Units; readonly scale: "nominal" | "interval" };
export type Agreed = Measured & Pick<AgreementInterval, "interval">;
export type AgreementAnswer = { readonly kappa: Agreed; readonly alpha: Agreed };

const SEED = 1;
const [FEWEST, MOST] = [100, 1_000];
/** The work of one resample grows with the units and with the square of the different values. */
const MOST_WORK = 20_000_000;

/** Cohen's kappa and Krippendorff's alpha, with bootstrap intervals. */
export function measureAgreement({ units, scale }: AgreementOrder): AgreementAnswer {
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
    kappa: agreed((drawn) => cohenKappa(drawn, { weights: scale === "interval" ? "quadratic" : "none" })),
    alpha: agreed((drawn) => krippendorffAlpha(drawn, { level: scale })),
  };
}

export { type CohenOptions, cohenKappa, cohenKappaOfConfusion, type KappaWeights } from "./cohen.ts";
export { fleissKappa, fleissKappaOfCounts } from "./fleiss.ts";
export { type AgreementInterval, type AgreementIntervalOptions, agreementInterval } from "./interval.ts";
export { type AlphaOptions, krippendorffAlpha, type MeasurementLevel } from "./krippendorff.ts";
export { type Mark, markF1, pairwiseMarkF1 } from "./marks.ts";
export { rawAgreement } from "./raw.ts";
export type { Ratings, Units } from "./units.ts";

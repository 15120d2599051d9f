export { betaCdf, betaQuantile, logBeta, logBetaCdf } from "./beta.ts";
export { binomialCdf, binomialPmf, binomialQuantile } from "./binomial.ts";
export { chiSquareCdf, chiSquareQuantile, chiSquareSurvival } from "./chi-square.ts";
export { digamma } from "./digamma.ts";
export { logGamma } from "./gamma.ts";
export { normalCdf, normalQuantile } from "./normal.ts";
export { noncentralTCdf, studentTCdf, studentTQuantile } from "./student-t.ts";

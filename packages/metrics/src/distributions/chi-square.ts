import { gammaLower, gammaUpper, poissonTerm } from "./gamma.ts";
import { invert } from "./invert.ts";

/** How likely a chi-square value with so many degrees of freedom is at most x. */
export function chiSquareCdf(x: number, freedom: number): number {
  check(x, freedom);
  return x <= 0 ? 0 : gammaLower(freedom / 2, x / 2);
}

/** How likely it is above x, exact also where that is tiny: the p-value of a chi-square test. */
export function chiSquareSurvival(x: number, freedom: number): number {
  check(x, freedom);
  return x <= 0 ? 1 : gammaUpper(freedom / 2, x / 2);
}

/** The x below which a chi-square value falls with the given probability. */
export function chiSquareQuantile(probability: number, freedom: number): number {
  check(0, freedom);
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`probability is ${probability}: give one within 0 and 1.`);
  if (probability === 0) return 0;
  if (probability === 1) return Number.POSITIVE_INFINITY;
  const a = freedom / 2;
  const logX = invert({
    cdf: (t) => gammaLower(a, Math.exp(t)),
    density: (t) => poissonTerm(a, Math.exp(t)) * a,
    probability,
    low: -745,
    high: Math.log(a + 40 * Math.sqrt(a) + 800),
  });
  return 2 * Math.exp(logX);
}

function check(x: number, freedom: number): void {
  if (Number.isNaN(x)) throw new RangeError("x is NaN: give a number.");
  if (!(freedom > 0)) throw new RangeError(`freedom is ${freedom}: give a number above 0.`);
}

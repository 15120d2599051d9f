import { betaCdf, logBeta } from "./beta.ts";
import { poissonTerm } from "./gamma.ts";
import { invert } from "./invert.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

/**
 * The probability that a Student t value with these degrees of freedom is at most t. It has full relative precision in
 * the lower tail.
 */
export function studentTCdf(t: number, freedom: number): number {
  if (Number.isNaN(t)) throw new RangeError("t is NaN: give a number.");
  checkFreedom(freedom);
  if (freedom === Number.POSITIVE_INFINITY) return normalCdf(t);
  const outer = outside(t * t, freedom);
  return t > 0 ? 1 - outer / 2 : outer / 2;
}

/** The t below which a Student t value falls with the given probability. */
export function studentTQuantile(probability: number, freedom: number): number {
  checkFreedom(freedom);
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`probability is ${probability}: give one within 0 and 1.`);
  }
  if (freedom === Number.POSITIVE_INFINITY) return normalQuantile(probability);
  if (probability === 0.5) return 0;
  const outer = 2 * Math.min(probability, 1 - probability);
  if (outer === 0) return probability === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  // Reversed, so that it increases. The original form would lose the digits of a small tail.
  const logT = invert({
    cdf: (u) => -outside(Math.exp(2 * u), freedom),
    density: (u) => 2 * Math.exp(u + logDensity(Math.exp(2 * u), freedom)),
    probability: -outer,
    low: -100,
    high: 350,
  });
  return probability < 0.5 ? -Math.exp(logT) : Math.exp(logT);
}

/** How likely the square of a t value is above `square`. */
function outside(square: number, freedom: number): number {
  return square < 1
    ? 1 - betaCdf(square / (freedom + square), 0.5, freedom / 2)
    : betaCdf(freedom / (freedom + square), freedom / 2, 0.5);
}

function logDensity(square: number, freedom: number): number {
  return -((freedom + 1) / 2) * Math.log1p(square / freedom) - logBeta(0.5, freedom / 2) - Math.log(freedom) / 2;
}

/**
 * How likely a noncentral t value is at most t: the power of a t test comes from it. Lenth's AS 243; beyond a shift of 37, where its
 * terms vanish, the normal approximation.
 */
export function noncentralTCdf(t: number, freedom: number, shift: number): number {
  if (t < 0) return 1 - noncentralTCdf(-t, freedom, -shift);
  if (Math.abs(shift) > 37) {
    const scale = 1 - 1 / (4 * freedom);
    return normalCdf((t * scale - shift) / Math.sqrt(1 + (t * t) / (2 * freedom)));
  }
  const x = (t * t) / (t * t + freedom);
  const half = (shift * shift) / 2;
  let sum = 0;
  let left = 1;
  for (let order = 0; order < 10_000 && x > 0; order += 1) {
    const even = poissonTerm(order, half);
    // shift / √2 · halfᵒ · e⁻ʰ / Γ(o + 3/2), through the Poisson term of o + ½.
    const odd = half === 0 ? 0 : Math.sign(shift) * poissonTerm(order + 0.5, half);
    sum += even * betaCdf(x, order + 0.5, freedom / 2) + odd * betaCdf(x, order + 1, freedom / 2);
    left -= even;
    if (order > half && Math.abs(left) < 1e-13 && even < 1e-13) break;
  }
  return Math.min(1, Math.max(0, normalCdf(-shift) + sum / 2));
}

function checkFreedom(freedom: number): void {
  if (!(freedom > 0)) throw new RangeError(`freedom is ${freedom}: give a number above 0.`);
}

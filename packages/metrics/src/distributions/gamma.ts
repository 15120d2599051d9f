const HALF_LOG_TWO_PI = 0.9189385332046728;
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 0.000009984369578019572, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0, by Lanczos (g = 7, n = 9); about 1e-15 relative. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma of ${x}: it needs a number above 0.`);
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  let sum = 0.9999999999998099;
  for (const [place, coefficient] of LANCZOS.entries()) sum += coefficient / (shifted + place + 1);
  const base = shifted + 7.5;
  return HALF_LOG_TWO_PI + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** ln Γ(n + 1) minus Stirling's approximation (Loader 2000). It makes probabilities precise for large n. */
export function stirlingError(n: number): number {
  if (n <= 16) return logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - HALF_LOG_TWO_PI;
  const square = n * n;
  return (
    (1 / 12 -
      (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360_360 / square) / square) / square) / square) / square) /
    n
  );
}

/** x·ln(x / mean) + mean − x, without loss when they are close (Loader's bd0). */
export function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const ratio = (x - mean) / (x + mean);
  let sum = (x - mean) * ratio;
  let term = 2 * x * ratio;
  for (let order = 1; order < 1_000; order += 1) {
    term *= ratio * ratio;
    const next = sum + term / (2 * order + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** xᵃ·e⁻ˣ / Γ(a + 1), the probability of a events when x are expected, for any a ≥ 0. */
export function poissonTerm(a: number, x: number): number {
  if (x === 0) return a === 0 ? 1 : 0;
  if (a === 0) return Math.exp(-x);
  if (a < 0.5) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** The regularised incomplete gamma function P(a, x): its lower part, from 0 at x = 0 to 1. a > 0. */
export function gammaLower(a: number, x: number): number {
  return x < a + 1 ? lowerBySeries(a, x) : 1 - upperByFraction(a, x);
}

/** Q(a, x) = 1 − P(a, x), exact also where it is tiny. */
export function gammaUpper(a: number, x: number): number {
  return x < a + 1 ? 1 - lowerBySeries(a, x) : upperByFraction(a, x);
}

function lowerBySeries(a: number, x: number): number {
  if (x <= 0) return 0;
  let term = 1;
  let sum = 1;
  for (let step = 1; term > sum * 1e-17; step += 1) {
    term *= x / (a + step);
    sum += term;
  }
  return sum * poissonTerm(a, x);
}

/** Lentz's continued fraction. */
function upperByFraction(a: number, x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let step = 1; step < 1_000_000; step += 1) {
    const numerator = -step * (step - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 3e-16) break;
  }
  return fraction * poissonTerm(a, x) * a;
}

const nonZero = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);

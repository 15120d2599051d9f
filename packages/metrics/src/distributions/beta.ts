import { deviance, logGamma, stirlingError } from "./gamma.ts";
import { invert } from "./invert.ts";

/** ln B(a, b) for a, b > 0. */
export function logBeta(a: number, b: number): number {
  if (a < 16 || b < 16) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const total = a + b;
  const errors = stirlingError(a) + stirlingError(b) - stirlingError(total);
  return errors + 0.5 * Math.log((2 * Math.PI * total) / (a * b)) + a * Math.log(a / total) + b * Math.log(b / total);
}

/** How likely a Beta(a, b) value is at most x: the regularised incomplete beta function. a, b > 0. */
export function betaCdf(x: number, a: number, b: number): number {
  checkShapes(a, b);
  if (Number.isNaN(x)) throw new RangeError("x is NaN: give a number.");
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return lower({ x, rest: 1 - x, a, b });
}

/** ln of `betaCdf`, exact also where the probability itself is too small for a number. */
export function logBetaCdf(x: number, a: number, b: number): number {
  checkShapes(a, b);
  if (Number.isNaN(x)) throw new RangeError("x is NaN: give a number.");
  if (x <= 0) return Number.NEGATIVE_INFINITY;
  if (x >= 1) return 0;
  if (x < (a + 1) / (a + b + 2)) return logFraction({ x, rest: 1 - x, a, b });
  return Math.log1p(-Math.exp(logFraction({ x: 1 - x, rest: x, a: b, b: a })));
}

/** The x below which a Beta(a, b) value falls with the given probability. */
export function betaQuantile(probability: number, a: number, b: number): number {
  checkShapes(a, b);
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`probability is ${probability}: give one within 0 and 1.`);
  }
  if (probability === 0 || probability === 1) return probability;
  // As a distance from the nearer end, which retains the digits of small values.
  if (probability <= betaCdf(0.5, a, b)) return fromZero(probability, a, b);
  return 1 - (probability > 0.5 ? fromZero(1 - probability, b, a) : fromOne(probability, a, b));
}

/** Solved for ln x, in which a tail is a straight line. */
function fromZero(probability: number, a: number, b: number): number {
  const at = (t: number) => ({ x: Math.exp(t), rest: -Math.expm1(t), a, b });
  return Math.exp(
    invert({
      cdf: (t) => lower(at(t)),
      density: (t) => power(at(t)) / -Math.expm1(t),
      probability,
      low: -745,
      high: 0,
    }),
  );
}

/** 1 − x, solved for its logarithm; turned round, so that the function grows. */
function fromOne(probability: number, a: number, b: number): number {
  const at = (t: number) => ({ x: -Math.expm1(t), rest: Math.exp(t), a, b });
  return Math.exp(
    invert({
      cdf: (t) => -lower(at(t)),
      density: (t) => power(at(t)) / -Math.expm1(t),
      probability: -probability,
      low: -745,
      high: 0,
    }),
  );
}

/** A place between 0 and 1, with its distance from 1, and the shapes. */
type Place = { readonly x: number; readonly rest: number; readonly a: number; readonly b: number };

function lower({ x, rest, a, b }: Place): number {
  return x < (a + 1) / (a + b + 2) ? fraction({ x, rest, a, b }) : 1 - fraction({ x: rest, rest: x, a: b, b: a });
}

/** xᵃ·(1 − x)ᵇ / B(a, b). */
const power = (place: Place): number =>
  place.x === 0 || place.rest === 0 ? 0 : Math.exp(logDensity(place)) * densityScale(place);

/** Its logarithm but for `densityScale`, through Loader's deviances where a and b are large. */
function logDensity({ x, rest, a, b }: Place): number {
  if (a < 0.5 || b < 0.5) return a * Math.log(x) + b * Math.log(rest) - logBeta(a, b);
  const total = a + b;
  const errors = stirlingError(total) - stirlingError(a) - stirlingError(b);
  return errors - deviance(a, total * x) - deviance(b, total * rest);
}

const densityScale = ({ a, b }: Place): number =>
  a < 0.5 || b < 0.5 ? 1 : Math.sqrt((a * b) / (2 * Math.PI * (a + b)));

const fraction = (place: Place): number => (power(place) * fractionValue(place)) / place.a;

const logFraction = (place: Place): number =>
  logDensity(place) + Math.log((densityScale(place) * fractionValue(place)) / place.a);

/** Lentz's continued fraction; converges fast for x below its mean. */
function fractionValue({ x, a, b }: Place): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let step = 1; step < 1_000_000; step += 1) {
    const even = (step * (b - step) * x) / ((a + 2 * step - 1) * (a + 2 * step));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + step) * (a + b + step) * x) / ((a + 2 * step) * (a + 2 * step + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 3e-16) break;
  }
  return value;
}

const nonZero = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);

function checkShapes(a: number, b: number): void {
  if (!(a > 0 && b > 0 && a < Number.POSITIVE_INFINITY && b < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`The shapes of a beta distribution are ${a} and ${b}: both must be above 0.`);
  }
}

import { checkAlpha } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";

/** A running mean difference. */
export type Running = {
  /** Units seen so far, of all arms together. */
  readonly n: number;
  readonly mean: number;
  /** Of the difference per unit, so that `variance / n` is the squared standard error of the mean. */
  readonly variance: number;
};

export type Peek = {
  readonly interval: Interval;
  /** At least 1 / alpha is evidence, whenever it is looked at. */
  readonly eValue: number;
  /** Of this look alone; keep the smallest of all looks. */
  readonly pValue: number;
};

/** Both sequences lean on the normal distribution of means, and hold from about so many units on. */
export const LEAST_UNITS = 100;

/**
 * GrowthBook's always-valid interval: looked at after each unit, it leaves out the truth at any look in at most alpha of experiments. The
 * price is width, least (about 1.5 times) at `tunedFor` units. null below 100 units or without spread.
 */
export function alwaysValid(
  { n, mean, variance }: Running,
  { alpha = 0.05, tunedFor = 5_000 }: { alpha?: number; tunedFor?: number } = {},
): Peek | null {
  checkAlpha(alpha);
  if (!(n >= LEAST_UNITS && variance > 0)) return null;
  const rho = alwaysValidTuning(alpha, tunedFor);
  const grown = n * rho * rho + 1;
  const half = Math.sqrt(variance) * Math.sqrt(((2 * grown) / (n * rho) ** 2) * Math.log(Math.sqrt(grown) / alpha));
  const eValue = Math.exp((n * rho * mean) ** 2 / (2 * variance * grown)) / Math.sqrt(grown);
  return { interval: [mean - half, mean + half], eValue, pValue: Math.min(1, 1 / eValue) };
}

/** The width's parameter ρ that is best at `tunedFor` units. */
export function alwaysValidTuning(alpha: number, tunedFor: number): number {
  if (!(tunedFor > 0)) throw new RangeError(`tunedFor is ${tunedFor}: give the number of units you expect, above 0.`);
  const log = -2 * Math.log(alpha);
  return Math.sqrt((log + Math.log(log + 1)) / tunedFor);
}

import { checkAlpha } from "../shared/checks.ts";
import type { Interval } from "../shared/comparison.ts";
import { LEAST_UNITS, type Running } from "./always-valid.ts";

/** The sequence is narrowest at so many units of variance 1, as TensorZero has it. */
const TUNED_FOR = 100;

/**
 * The asymptotic confidence sequence of a mean, as in TensorZero (Waudby-Smith et al. 2021). It is valid at every look
 * from a minimum size on. null below 100 units, where its guarantee does not hold, and without spread.
 */
export function asymptoticSequence({ n, mean, variance }: Running, alpha = 0.05): Interval | null {
  checkAlpha(alpha);
  if (!(n >= LEAST_UNITS && variance > 0)) return null;
  const log = -2 * Math.log(alpha);
  const rho = Math.sqrt((log + Math.log(log) + 1) / TUNED_FOR);
  const grown = n * variance * rho * rho + 1;
  const half = Math.sqrt((grown / (n * n * rho * rho)) * Math.log(grown / (alpha * alpha)));
  return [mean - half, mean + half];
}

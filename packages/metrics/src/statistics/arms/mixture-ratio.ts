import type { Peek } from "../sequences/always-valid.ts";
import { checkAlpha } from "../shared/checks.ts";
import type { ArmDifference } from "./arm.ts";

/**
 * The mixture sequential probability ratio test of a difference (Johari et al. 2022, as at Statsig and Optimizely).
 * `mixing` is the variance τ² of the effects that are thought likely; best is the square of the effect sought. Wait for
 * about 100 units in each arm. null without spread.
 */
export function mixtureRatio(
  { difference, standardError }: ArmDifference,
  { mixing, alpha = 0.05 }: { readonly mixing: number; readonly alpha?: number },
): Peek | null {
  checkAlpha(alpha);
  if (!(mixing > 0)) throw new RangeError(`mixing is ${mixing}: give a variance above 0.`);
  if (!(standardError > 0)) return null;
  const own = standardError ** 2;
  const logShrunk = Math.log(own / (own + mixing));
  const eValue = Math.exp(logShrunk / 2 + (mixing * difference ** 2) / (2 * own * (own + mixing)));
  const half = Math.sqrt((2 * Math.log(1 / alpha) - logShrunk) * (own / mixing) * (own + mixing));
  return { interval: [difference - half, difference + half], eValue, pValue: Math.min(1, 1 / eValue) };
}

import { scoreInterval, scoreSpread } from "@treadle/metrics";
import type { Agreed } from "./measure-agreement.ts";

/** The agreement of the answers to each item, from 0 to 1. */
export type SharesOrder = readonly number[];

/** The mean over things, with the interval of shares. */
export function measureShares(shares: SharesOrder): Agreed {
  const spread = scoreSpread(shares.map((share) => [share]));
  const signature = "mean";
  if (spread === null)
    return { value: null, signature, interval: null, reason: "No two annotators answered the same item." };
  const interval = scoreInterval(spread, { range: { min: 0, max: 1 } });
  return { value: spread.mean, signature, interval, reason: null };
}

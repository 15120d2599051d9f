import { agreementInterval, createRandom, type Measured, type Units } from "@treadle/metrics";
import type { Agreed } from "./measure-agreement.ts";

/** How alike what was said of each thing is, from 0 to 1. */
export type SharesOrder = readonly number[];

const SEED = 1;
const [FEWEST, MOST] = [100, 1_000];
const MOST_WORK = 4_000_000;

/** The mean over things, with a bootstrap interval over them. */
export function measureShares(shares: SharesOrder): Agreed {
  const units = shares.map((share) => [share]);
  const measured = meanOf(units);
  if (measured.value === null) return { ...measured, interval: null };
  const resamples = Math.min(MOST, Math.max(FEWEST, Math.floor(MOST_WORK / units.length)));
  const { interval, reason } = agreementInterval(units, meanOf, { random: createRandom(SEED), resamples });
  return { ...measured, interval, reason };
}

function meanOf(units: Units): Measured {
  const sum = units.reduce((all, [share]) => all + Number(share), 0);
  const value = units.length === 0 ? null : sum / units.length;
  return { value, signature: "mean", reason: value === null ? "No two people said anything of the same thing." : null };
}

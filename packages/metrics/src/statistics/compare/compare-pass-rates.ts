import { normalQuantile } from "../../distributions/normal.ts";
import type { RunsToCompare } from "../shared/comparison.ts";
import { newcombePairedInterval, type PairedCounts } from "../shared/proportions.ts";
import { mcnemarExact } from "../significance/mcnemar.ts";
import type { Evidence, Settled } from "./conclude.ts";

const POWER = 0.8;

/** Pass or fail of the same items. Only the items that changed speak for or against the head. */
export function comparePassRates({ base, head }: RunsToCompare, { alpha }: Settled): Evidence {
  const counts = countPairs(base, head);
  const n = base.length;
  const meanBase = (counts.both + counts.baseOnly) / n;
  const meanHead = (counts.both + counts.headOnly) / n;
  const difference = (counts.headOnly - counts.baseOnly) / n;
  const changed = counts.baseOnly + counts.headOnly;
  // With no change seen, one in n + 2 is still to be reckoned with.
  const share = changed === 0 ? 1 / (n + 2) : changed / n;
  return {
    n,
    groups: n,
    meanBase,
    meanHead,
    difference,
    interval: newcombePairedInterval(counts, alpha),
    equivalenceInterval: newcombePairedInterval(counts, 2 * alpha),
    pValue: mcnemarExact(counts),
    test: "mcnemar-exact",
    effectSize: 2 * Math.asin(Math.sqrt(meanHead)) - 2 * Math.asin(Math.sqrt(meanBase)),
    minimumDetectableEffect: detectable({ n, share, alpha }),
    standardError: Math.sqrt(Math.max(share - difference ** 2, share / n) / n),
  };
}

function countPairs(base: readonly number[], head: readonly number[]): PairedCounts {
  const counts = { both: 0, baseOnly: 0, headOnly: 0, neither: 0 };
  for (const [item, passed] of base.entries()) {
    if (passed === 1) counts[head[item] === 1 ? "both" : "baseOnly"] += 1;
    else counts[head[item] === 1 ? "headOnly" : "neither"] += 1;
  }
  return counts;
}

/** Never below what McNemar's test can show at all: so many changes, all one way. null when more than all items would have to change. */
function detectable({ n, share, alpha }: { n: number; share: number; alpha: number }): number | null {
  const fewest = (Math.floor(Math.log2(2 / alpha)) + 1) / n;
  const usual = (normalQuantile(1 - alpha / 2) + normalQuantile(POWER)) * Math.sqrt(share / n);
  const least = Math.max(fewest, usual);
  return least > 1 ? null : least;
}

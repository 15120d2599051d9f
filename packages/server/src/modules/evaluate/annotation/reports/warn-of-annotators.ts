import { wilsonInterval } from "@treadle/metrics";

type Share = { readonly hits: number; readonly of: number };
type Facts = {
  readonly gold: Share;
  readonly left: Share;
  readonly answered: number;
  readonly medianMs: number | null;
  /** For all people. */
  readonly medians: readonly number[];
};

const FEWEST_GOLD = 5;
const GOOD_GOLD = 0.7;
const FEWEST_TIMED = 20;
const FEWEST_PAIRS = 20;

/** Warnings for the managers of a queue. There are none when an annotator has few answers. */
export function warningsOf({ gold, left, answered, medianMs, medians }: Facts): string[] {
  const warnings: string[] = [];
  const accuracy = wilsonInterval({ successes: gold.hits, n: gold.of });
  if (accuracy && gold.of >= FEWEST_GOLD && accuracy[1] < GOOD_GOLD)
    warnings.push(`Answers ${gold.of - gold.hits} of ${gold.of} test items wrong.`);
  const usual = medians.toSorted((a, b) => a - b)[Math.floor(medians.length / 2)];
  if (medianMs !== null && usual !== undefined && answered >= FEWEST_TIMED && medianMs < usual / 3)
    warnings.push(
      `Takes ${seconds(medianMs)} per answer where others take ${seconds(usual)}. Check whether the items are read.`,
    );
  const side = wilsonInterval({ successes: left.hits, n: left.of });
  if (side && left.of >= FEWEST_PAIRS && (side[0] > 0.5 || side[1] < 0.5))
    warnings.push(
      `Prefers the ${side[0] > 0.5 ? "left" : "right"} side: the left side wins ${left.hits} of ${left.of}, although sides are random.`,
    );
  return warnings;
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/** A score of a corpus that is computed from sums of numbers of its items, never from the mean of their scores. */
export type CorpusMetric<Score extends { readonly score: number }> = {
  readonly name: string;
  /**
   * The signature of the value, as in sacrebleu: the number of references ("var" if items differ), the options, the
   * version.
   */
  signature(references: number | "var"): string;
  /** The sufficient statistics of one item. Throws a RangeError when there is no reference. */
  itemStats(hypothesis: string, references: readonly string[]): number[];
  /** The score of the items whose statistics are summed here. */
  fromStats(sum: ArrayLike<number>): Score;
};

export type TextPair = { readonly hypothesis: string; readonly references: readonly string[] };

/** The sums, place by place, in the order of the items; empty when there is no item. */
export function sumStats(items: readonly ArrayLike<number>[]): number[] {
  const sum = new Array<number>(items[0]?.length ?? 0).fill(0);
  for (const stats of items) {
    for (let place = 0; place < sum.length; place += 1) sum[place] = (sum[place] ?? 0) + (stats[place] ?? 0);
  }
  return sum;
}

/** The score of a corpus, or null when it has no item. */
export function scoreCorpus<Score extends { readonly score: number }>(
  metric: CorpusMetric<Score>,
  pairs: readonly TextPair[],
): Score | null {
  if (pairs.length === 0) return null;
  return metric.fromStats(
    sumStats(pairs.map(({ hypothesis, references }) => metric.itemStats(hypothesis, references))),
  );
}

/** The score of one item by itself. */
export function scoreItem<Score extends { readonly score: number }>(
  metric: CorpusMetric<Score>,
  { hypothesis, references }: TextPair,
): Score {
  return metric.fromStats(metric.itemStats(hypothesis, references));
}

/** The signature's number of references of a corpus. */
export function countReferences(pairs: readonly TextPair[]): number | "var" {
  const [first, ...others] = new Set(pairs.map(({ references }) => references.length));
  return others.length > 0 ? "var" : (first ?? 0);
}

/** Refuses an item that has nothing to be compared with. */
export function needReferences(name: string, references: readonly string[]) {
  if (references.length === 0) throw new RangeError(`${name} needs at least one reference for each item`);
}

/** `key:value` joined by `|`, in the order given, with yes and no for booleans. */
export function joinSignature(parts: readonly (readonly [key: string, value: string | number | boolean])[]): string {
  return parts.map(([key, value]) => `${key}:${typeof value === "boolean" ? (value ? "yes" : "no") : value}`).join("|");
}

/** The release of sacrebleu whose BLEU, chrF and TER these are. */
export const SACREBLEU = "2.6.0";

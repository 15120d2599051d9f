export type Interval = readonly [low: number, high: number];

/** The conclusion about the head compared with the base. `inconclusive` means too few items or too much noise. */
export type Verdict = "better" | "worse" | "equivalent" | "inconclusive";

export type ComparisonTest = "mcnemar-exact" | "sign-flip" | "wilcoxon" | "paired-bootstrap";

/** How sure, how many and what for; the same for every comparison. */
export type ComparisonOptions = {
  /** Which items belong together (a document, a conversation), in the order of the items; items alone when left out. */
  readonly clusters?: readonly (string | number)[];
  /** The smallest difference that matters, in units of the score, 0 or more. With 0 nothing can be called equivalent. */
  readonly margin?: number;
  /** How often "better" or "worse" may be wrong when nothing differs; 0.05 when left out. */
  readonly alpha?: number;
  /** True when left out; false for latency, cost and errors. */
  readonly higherIsBetter?: boolean;
  /** 10,000 when left out; bootstrap and sampled permutations. */
  readonly resamples?: number;
  /** Any number; the same seed gives the same answer. 1 when left out. */
  readonly seed?: number;
};

/** Scores of the same items, place by place. Average the repeats of an item first: they are not more items. */
export type RunsToCompare = ComparisonOptions & {
  /** `binary` means within 0 and 1, and 0 or 1 unless repeats were averaged. */
  readonly kind: "binary" | "number";
  readonly base: readonly number[];
  readonly head: readonly number[];
  /** `wilcoxon` for numbers with wild outliers (latency, cost): ranks, and the Hodges–Lehmann difference instead of the mean's. */
  readonly test?: "automatic" | "wilcoxon";
  /** The least and the most that a score can be. Tells how far apart unseen items may lie when all items seen agree. */
  readonly bounds?: Interval;
};

/** Statistics of the same items for a metric of the whole set (BLEU, F1): one row an item, summed before scoring. */
export type CorporaToCompare = ComparisonOptions & {
  readonly base: readonly (readonly number[])[];
  readonly head: readonly (readonly number[])[];
  /** The metric of a sum of rows; null where it does not exist. */
  readonly score: (sum: readonly number[]) => number | null;
};

/** Every number is null where it does not exist, and the verdict is then `inconclusive`. Differences are head − base, unturned. */
export type Comparison = {
  readonly n: number;
  /** How many independent groups of items; as many as items without clusters. */
  readonly groups: number;
  readonly meanBase: number | null;
  readonly meanHead: number | null;
  readonly difference: number | null;
  /** Holds the true difference in 1 − alpha of such comparisons. */
  readonly interval: Interval | null;
  /** The same for 1 − 2·alpha: when it lies within the margin, both one-sided tests of equivalence (TOST) succeed. */
  readonly equivalenceInterval: Interval | null;
  /** Two-sided, for no difference at all. */
  readonly pValue: number | null;
  readonly test: ComparisonTest;
  /** Cohen's h for binary scores, else the difference over the standard deviation of the items' differences (d_z). */
  readonly effectSize: number | null;
  /** The smallest difference that as many items would reveal four times in five. */
  readonly minimumDetectableEffect: number | null;
  readonly verdict: Verdict;
  /** About how many items more would settle it four times in five; null when settled or unknown. */
  readonly moreItems: number | null;
};

import { type Interval, studentTQuantile, wilsonOfRate } from "@treadle/metrics";

/** What one window of a series has shown. */
export type Reading =
  | { readonly kind: "rate"; readonly bad: number; readonly n: number }
  | {
      readonly kind: "percentile";
      /** Such as 0.95. */
      readonly level: number;
      readonly histogram: Histogram;
      readonly n: number;
      /** How many values are above each threshold. */
      readonly above: ReadonlyMap<number, number>;
    }
  | { readonly kind: "mean"; readonly n: number; readonly sum: number; readonly sumOfSquares: number }
  /** Spans, tokens or money: 0 without a span. */
  | { readonly kind: "total"; readonly value: number; readonly n: number }
  /** From SQL, without a number of events. */
  | { readonly kind: "plain"; readonly value: number };

/** Counts by bins that are 4 % wide. */
export type Histogram = ReadonlyMap<number, number>;

/** Bins per unit of the natural logarithm. Readers of spans make the same bins. */
export const BINS_PER_UNIT = 25;

export type Measured = {
  readonly value: number | null;
  readonly n: number;
  readonly lower: number | null;
  readonly upper: number | null;
};

/** The value of a reading and its 95 % confidence interval. Totals have none: they are what they are. */
export function measuredOf(reading: Reading): Measured {
  switch (reading.kind) {
    case "rate":
      return withInterval(reading.n, reading.bad / reading.n, shareInterval(reading.bad, reading.n));
    case "percentile":
      return percentileOf(reading);
    case "mean":
      return withInterval(reading.n, reading.sum / reading.n, meanInterval(reading));
    case "total":
      return withInterval(reading.n, reading.value, null);
    case "plain":
      return withInterval(1, reading.value, null);
    default:
      return reading satisfies never;
  }
}

/** The value of a reading, without its interval. */
export function valueOfReading(reading: Reading): number | null {
  if (reading.kind === "total" || reading.kind === "plain") return finite(reading.value);
  if (reading.n === 0) return null;
  if (reading.kind === "percentile") return finite(quantilesOf(reading.histogram, [reading.level])[0] ?? Number.NaN);
  return finite((reading.kind === "rate" ? reading.bad : reading.sum) / reading.n);
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Whether a window holds nothing to judge. A total of 0 is a value. */
export const isEmpty = (reading: Reading): boolean =>
  reading.kind === "plain" ? false : reading.kind !== "total" && reading.n === 0;

const withInterval = (n: number, value: number, interval: Interval | null): Measured => ({
  value: finite(value),
  n,
  lower: interval?.[0] ?? null,
  upper: interval?.[1] ?? null,
});

export const shareInterval = (hits: number, n: number): Interval | null =>
  n === 0 ? null : wilsonOfRate({ rate: Math.min(1, hits / n), n }, 0.05);

const Z = 1.959963984540054;
const QUANTILES = new Map<number, number>();
const FEW = 30;

/** The 97.5 % quantile of Student's distribution: with many degrees of freedom by its expansion, which is exact to 1e-5. */
function studentQuantile(freedom: number): number {
  if (freedom > FEW) return Z + (Z ** 3 + Z) / (4 * freedom) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * freedom ** 2);
  const known = QUANTILES.get(freedom) ?? studentTQuantile(0.975, freedom);
  QUANTILES.set(freedom, known);
  return known;
}

/** Student's interval of a mean. Null for fewer than two values. */
function meanInterval({ n, sum, sumOfSquares }: Extract<Reading, { kind: "mean" }>): Interval | null {
  if (n < 2) return null;
  const mean = sum / n;
  const variance = Math.max(0, (sumOfSquares - n * mean * mean) / (n - 1));
  const half = studentQuantile(n - 1) * Math.sqrt(variance / n);
  return [mean - half, mean + half];
}

/** The interval is between the percentiles at the ends of the interval of the level. */
function percentileOf({ level, histogram, n }: Extract<Reading, { kind: "percentile" }>): Measured {
  if (n === 0) return withInterval(0, Number.NaN, null);
  const [low, high] = wilsonOfRate({ rate: level, n }, 0.05);
  const [value = Number.NaN, lower = value, upper = value] = quantilesOf(histogram, [level, low, high]);
  return withInterval(n, value, [lower, upper]);
}

/** Quantiles from bins, to within 2 %. */
export function quantilesOf(histogram: Histogram, levels: readonly number[]): number[] {
  const bins = [...histogram].sort(([one], [other]) => one - other);
  const total = bins.reduce((sum, [, count]) => sum + count, 0);
  return levels.map((level) => {
    let sum = 0;
    const found = bins.find(([, count]) => {
      sum += count;
      return level * total <= sum;
    });
    const [bin] = found ?? bins.at(-1) ?? [0];
    return Math.exp((bin + 0.5) / BINS_PER_UNIT);
  });
}

/** The bin of a value. */
export const binOf = (value: number): number => Math.floor(Math.log(Math.max(value, 0.01)) * BINS_PER_UNIT);

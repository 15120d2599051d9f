import type { Distribution } from "@treadle/contract";

const BINS = 40;
/** From here on a histogram's last bin holds everything, so that a few giants do not flatten the rest. */
const UPPER_SHARE = 0.995;

/**
 * Numbers in little memory: whole numbers below a thousand exactly, others with three digits, so that a percentile is
 * off by at most half a percent.
 */
export function createTally() {
  const counts = new Map<number, number>();
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;

  const sorted = () => [...counts].toSorted(([one], [two]) => one - two);
  const clamp = (value: number) => Math.min(max, Math.max(min, value));

  return {
    get count() {
      return count;
    },
    get sum() {
      return sum;
    },
    add(value: number): void {
      if (!Number.isFinite(value)) return;
      const key = toThreeDigits(value);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      count++;
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    },
    /** Bins of the same width from the smallest to almost the largest value; to `atLeast` at least. */
    histogram(atLeast: number | null = null): { from: number; to: number; counts: number[] } {
      if (count === 0) return { from: 0, to: 0, counts: [] };
      const values = sorted();
      const upper = valueAt(values, count * UPPER_SHARE);
      const to = Math.min(max, Math.max(clamp(upper), atLeast ?? min));
      const width = (to - min) / BINS;
      const bins = Array.from({ length: width === 0 ? 1 : BINS }, () => 0);
      for (const [value, times] of values) {
        const bin = width === 0 ? 0 : Math.min(BINS - 1, Math.max(0, Math.floor((value - min) / width)));
        bins[bin] = (bins[bin] ?? 0) + times;
      }
      return { from: min, to, counts: bins };
    },
    distribution(): Distribution {
      const values = sorted();
      const at = (share: number) => (count === 0 ? 0 : clamp(valueAt(values, count * share)));
      return {
        count,
        mean: count === 0 ? 0 : sum / count,
        min: count === 0 ? 0 : min,
        p25: at(0.25),
        median: at(0.5),
        p75: at(0.75),
        p95: at(0.95),
        p99: at(0.99),
        max: count === 0 ? 0 : max,
        histogram: this.histogram(),
      };
    },
  };
}
export type Tally = ReturnType<typeof createTally>;

function toThreeDigits(value: number): number {
  const size = Math.abs(value);
  if (value === 0 || (size < 1_000 && Number.isInteger(value))) return value;
  const unit = 10 ** (Math.floor(Math.log10(size)) - 2);
  return Math.round(value / unit) * unit;
}

/** The smallest value that has `wanted` values up to it. */
function valueAt(sorted: readonly (readonly [number, number])[], wanted: number): number {
  let seenItems = 0;
  for (const [value, times] of sorted) {
    seenItems += times;
    if (seenItems >= wanted) return value;
  }
  return sorted.at(-1)?.[0] ?? 0;
}

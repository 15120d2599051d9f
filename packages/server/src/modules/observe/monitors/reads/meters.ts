import type { MonitorCondition } from "@treadle/contract";
import { measureExpression, unitOf } from "../../explore/index.ts";
import { countedAt } from "../core/judge-threshold.ts";
import { BINS_PER_UNIT, type Reading } from "../core/reading.ts";

/** A number that is read for each window. Numbers of windows are added, unless it says otherwise. */
export type Column = { readonly key: string; readonly sql: string; readonly limit?: number };
export type HistogramName = "duration" | "firstToken";

/** What was read of one window of a series. */
export type Sums = {
  readonly values: Readonly<Record<string, number>>;
  readonly histogram: ReadonlyMap<number, number>;
};

/** How a measure is read: columns, and what they say together. */
export type Meter = {
  readonly columns: readonly Column[];
  readonly histogram: HistogramName | null;
  /** The name of the score, for the mean of a score. */
  readonly score: string | null;
  /** Whether the numbers of parts of a window add up to those of the whole. */
  readonly isAdditive: boolean;
  readonly isCount: boolean;
  toReading(sums: Sums): Reading;
};

const IS_CALL = "kind IN ('generation', 'embedding')";
const count = (key: string, condition: string): Column => ({ key, sql: `countIf(${condition})` });
const ALL: Column = { key: "n", sql: "count()" };

/** The parts of rates: what is counted, and among what. */
const RATES: Readonly<Record<string, readonly [bad: Column, n: Column]>> = {
  errorRate: [count("errors", "status = 'error'"), ALL],
  cacheHitRate: [count("hits", `is_cache_hit AND ${IS_CALL}`), count("calls", IS_CALL)],
  guardRate: [count("findings", "guard_action NOT IN ('', 'allow')"), count("checks", "guard_policy != ''")],
};
const PERCENTILES: Readonly<Record<string, readonly [histogram: HistogramName, level: number]>> = {
  latencyP50Ms: ["duration", 0.5],
  latencyP90Ms: ["duration", 0.9],
  latencyP95Ms: ["duration", 0.95],
  latencyP99Ms: ["duration", 0.99],
  timeToFirstTokenP50Ms: ["firstToken", 0.5],
  timeToFirstTokenP95Ms: ["firstToken", 0.95],
};
const TIMES: Readonly<Record<HistogramName, { readonly value: string; readonly has: string }>> = {
  duration: { value: "duration_ms", has: "1" },
  firstToken: { value: "assumeNotNull(ttft_ms)", has: "isNotNull(ttft_ms)" },
};
/** Counts of different values. Two windows can share values, so they do not add up. */
const DISTINCT: ReadonlySet<string> = new Set(["traces", "users", "sessions"]);

export const histogramSql = (name: HistogramName): string => {
  const { value, has } = TIMES[name];
  return `sumMapIf([toInt32(floor(log(greatest(${value}, 0.01)) * ${BINS_PER_UNIT}))], [toFloat64(1)], ${has})`;
};

const at = ({ values }: Sums, { key }: Column): number => values[key] ?? 0;
const plainMeter = (columns: readonly Column[], toReading: Meter["toReading"]): Meter => ({
  columns,
  histogram: null,
  score: null,
  isAdditive: true,
  isCount: false,
  toReading,
});

/** Whether a measure is the share of spans with a fault, as a burn rate needs it. */
export const isRate = (measure: string): boolean => Object.hasOwn(RATES, measure);

export function meterOf(measure: string, condition: MonitorCondition): Meter {
  const rate = RATES[measure];
  if (rate) return plainMeter([...rate], (sums) => ({ kind: "rate", bad: at(sums, rate[0]), n: at(sums, rate[1]) }));
  const percentile = PERCENTILES[measure];
  if (percentile) return percentileMeter(percentile, condition.kind === "threshold" ? countedAt(condition) : []);
  if (measure === "latencyAvgMs") return meanMeter(meanColumns("duration_ms", "1"), null);
  if (unitOf(measure) === "score")
    return meanMeter(
      meanColumns("assumeNotNull(score_value)", "isNotNull(score_value)"),
      measure.slice("score.".length),
    );
  const total: Column = { key: measure, sql: `ifNull(${measureExpression(measure, [])}, 0)` };
  return {
    ...plainMeter([total, ALL], (sums) => ({ kind: "total", value: at(sums, total), n: at(sums, ALL) })),
    isAdditive: !DISTINCT.has(measure),
    isCount: unitOf(measure) === "count",
  };
}

function percentileMeter([histogram, level]: readonly [HistogramName, number], thresholds: readonly number[]): Meter {
  const { value, has } = TIMES[histogram];
  const n: Column = count(`${histogram} n`, has);
  const above = thresholds.map((limit): [number, Column] => [
    limit,
    { key: `${histogram} > ${limit}`, sql: `countIf(${has} AND ${value} > {limit})`, limit },
  ]);
  return {
    ...plainMeter([n, ...above.map(([, column]) => column)], (sums) => ({
      kind: "percentile",
      level,
      histogram: sums.histogram,
      n: at(sums, n),
      above: new Map(above.map(([limit, column]) => [limit, at(sums, column)])),
    })),
    histogram,
  };
}

type MeanColumns = { readonly n: Column; readonly sum: Column; readonly squares: Column };
const meanColumns = (value: string, has: string): MeanColumns => ({
  n: count(`n of ${value}`, has),
  sum: { key: `sum of ${value}`, sql: `sumIf(${value}, ${has})` },
  squares: { key: `squares of ${value}`, sql: `sumIf(${value} * ${value}, ${has})` },
});

const meanMeter = ({ n, sum, squares }: MeanColumns, score: string | null): Meter => ({
  ...plainMeter([n, sum, squares], (sums) => ({
    kind: "mean",
    n: at(sums, n),
    sum: at(sums, sum),
    sumOfSquares: at(sums, squares),
  })),
  score,
});

export const NO_SUMS: Sums = { values: {}, histogram: new Map() };

/** The sums of adjoining parts of a window. */
export function addSums(parts: readonly Sums[]): Sums {
  const values: Record<string, number> = {};
  const histogram = new Map<number, number>();
  for (const part of parts) {
    for (const [key, value] of Object.entries(part.values)) values[key] = (values[key] ?? 0) + value;
    for (const [bin, value] of part.histogram) histogram.set(bin, (histogram.get(bin) ?? 0) + value);
  }
  return { values, histogram };
}

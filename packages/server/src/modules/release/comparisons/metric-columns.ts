import type { CovariateSums as UnitCovariates } from "@treadle/metrics";
import { z } from "zod";
import type { ArmCounts } from "./counts.ts";
import type { Measure } from "./measure.ts";
import { metricSql } from "./metric-sql.ts";

const count = z.coerce.number();
/** Units with a value, the sum of their values and of the squares, units with a bad request, and units without a value. */
export const Sums = z.tuple([count, count, count, count, count]);

const builtIn = (measures: readonly Pick<Measure, "metric">[]) =>
  measures.flatMap(({ metric }, place) => {
    const sql = metricSql(metric, `{budget${place}:Float64}`);
    return sql ? [{ ...sql, metric, place }] : [];
  });

/** How the requests of a unit are added up. Where each request is a unit, there is nothing to group. */
export type Adding = {
  readonly countIf: (condition: string) => string;
  readonly sumIf: (value: string, condition: string) => string;
};
export const GROUPED: Adding = {
  countIf: (condition) => `countIf(${condition})`,
  sumIf: (value, condition) => `sumIf(${value}, ${condition})`,
};
export const SINGLE: Adding = {
  countIf: (condition) => `toUInt64(${condition})`,
  sumIf: (value, condition) => `if(${condition}, ${value}, 0)`,
};

/** Columns per unit: how many of its counted requests have a value, and the sum. */
export const rowColumns = (measures: readonly Pick<Measure, "metric">[], { countIf, sumIf } = GROUPED): string =>
  builtIn(measures)
    .map(
      ({ has, value, place }) =>
        `, ${countIf(`counted AND ${has}`)} AS n${place}, ${sumIf(`toFloat64(${value})`, `counted AND ${has}`)} AS s${place}`,
    )
    .join("");

/** One tuple of `Sums` for each metric that is not a score, over the columns of `rowColumns`. */
export const armColumns = (measures: readonly Pick<Measure, "metric">[]): string =>
  builtIn(measures)
    .map(
      ({ place, metric }) => `(countIf(n${place} > 0), sumIf(s${place} / n${place}, n${place} > 0),
        sumIf(pow(s${place} / n${place}, 2), n${place} > 0), ${metric.kind === "cost" ? "toUInt64(0)" : `countIf(s${place} > 0)`}, countIf(n${place} = 0))`,
    )
    .join(", ");

/** Units with a value and a past value x, and the sums of x, x², xy, y and y². */
export const CovariateSums = z.tuple([count, count, count, count, count, count]);

/** A unit's value y and its past value x, where it has both. */
type Paired = { readonly y: string; readonly x: string; readonly both: string };
export const covariateTuple = ({ y, x, both }: Paired): string => {
  const sums = [x, `pow(${x}, 2)`, `${x} * ${y}`, y, `pow(${y}, 2)`];
  return `(countIf(${both}), ${sums.map((value) => `sumIf(${value}, ${both})`).join(", ")})`;
};

/** One tuple of `CovariateSums` for each metric that is not a score, over `rowColumns` of the tables `units` and `past`. */
export const covariateColumns = (measures: readonly Pick<Measure, "metric">[]): string =>
  builtIn(measures)
    .map(({ place }) => {
      const [y = "", x = ""] = ["units", "past"].map((table) => `${table}.s${place} / ${table}.n${place}`);
      return covariateTuple({ y, x, both: `units.n${place} > 0 AND past.n${place} > 0` });
    })
    .join(", ");

/** The values of a unit, one for each metric that is not a score, over `rowColumns`. NaN for none. */
export const meanColumns = (measures: readonly Pick<Measure, "metric">[]): string =>
  builtIn(measures)
    .map(({ place }) => `if(n${place} > 0, s${place} / n${place}, nan)`)
    .join(", ");

/** The array `means` with the values of `meanColumns`, as columns. To join columns is twice as fast as to join the array. */
export const pastColumns = (measures: readonly Pick<Measure, "metric">[]): string =>
  builtIn(measures)
    .map(({ place }, index) => `, means[${index + 1}] AS x${place}`)
    .join("");

/** The same as `covariateColumns` over `rowColumns` and `pastColumns`. A unit without a past has the count 0 in `pasts`. */
export const meanCovariateColumns = (measures: readonly Pick<Measure, "metric">[]): string =>
  builtIn(measures)
    .map(({ place }) => covariateTuple(pairedWith(`s${place} / n${place}`, `n${place} > 0`, `x${place}`)))
    .join(", ");

export const pairedWith = (y: string, has: string, x: string): Paired => ({
  y,
  x,
  both: `${has} AND pasts > 0 AND NOT isNaN(${x})`,
});

/** The parameters that `rowColumns` binds. */
export const budgetsOf = (measures: readonly Pick<Measure, "metric">[]): Record<string, number | null> =>
  Object.fromEntries(
    measures.flatMap(({ metric }, place) =>
      metric.kind === "latency" || metric.kind === "first-token" ? [[`budget${place}`, metric.budgetMs]] : [],
    ),
  );

export function toCounts(sums: z.output<typeof Sums> | undefined): ArmCounts {
  const [units = 0, sum = 0, squares = 0, flagged = 0, missing = 0] = sums ?? [];
  return { units, sum, squares, flagged, missing };
}

export function toCovariateSums(sums: z.output<typeof CovariateSums> | undefined): UnitCovariates {
  const [n = 0, x = 0, xx = 0, xy = 0, y = 0, yy = 0] = sums ?? [];
  return { n, x, xx, xy, y, yy };
}

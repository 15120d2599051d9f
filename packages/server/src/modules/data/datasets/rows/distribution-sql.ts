import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { fieldOf, whereItems } from "./row-filter-sql.ts";
import { OF, paramsOf, type RowScope } from "./row-scope-sql.ts";

const ValueRow = z.object({ value: z.string(), rows: z.coerce.number() });
const Facts = z.object({
  rows: z.coerce.number(),
  present: z.coerce.number(),
  distinct: z.coerce.number(),
  numbers: z.coerce.number(),
  least: z.coerce.number().nullable(),
  most: z.coerce.number().nullable(),
  shortest: z.coerce.number(),
  longest: z.coerce.number(),
});
const Bin = z.object({ bin: z.coerce.number(), rows: z.coerce.number() });
const BINS = 20;

/** The distribution of a field's values over matching rows. */
export async function readDistribution(
  columnar: Columnar,
  scope: RowScope,
  { filter, field: name }: { filter: string; field: string },
) {
  const field = fieldOf(name, "field");
  const where = whereItems(filter);
  const params = { ...paramsOf(scope), ...where.params, ...field.params };
  const from = `FROM dataset_rows WHERE ${OF} AND ${where.sql}`;
  const sql = `SELECT count() AS rows, countIf(${field.exists}) AS present, uniqExactIf(${field.text}, ${field.exists}) AS distinct,
      countIf(isNotNull(${field.number})) AS numbers, min(${field.number}) AS least, max(${field.number}) AS most,
      minIf(lengthUTF8(${field.text}), ${field.exists}) AS shortest, maxIf(lengthUTF8(${field.text}), ${field.exists}) AS longest ${from}`;
  const [[facts], values] = await Promise.all([
    columnar.select({ sql, params, row: Facts }),
    columnar.select({
      sql: `SELECT leftUTF8(${field.text}, 200) AS value, count() AS rows ${from} AND ${field.exists}
        GROUP BY value ORDER BY rows DESC, value LIMIT 50`,
      params,
      row: ValueRow,
    }),
  ]);
  if (!facts) return { rows: 0, missing: 0, distinct: 0, values: [], bins: [], unit: "value" as const };
  const isNumber = facts.numbers > 0 && facts.numbers >= facts.present / 2;
  const [least, most] = isNumber ? [facts.least ?? 0, facts.most ?? 0] : [facts.shortest, facts.longest];
  const measured = isNumber ? field.number : `toFloat64(lengthUTF8(${field.text}))`;
  const width = (most - least) / BINS || 1;
  const isMeasured = isNumber ? `isNotNull(${field.number})` : field.exists;
  const rows =
    facts.present === 0
      ? []
      : await columnar.select({
          sql: `SELECT least(floor((assumeNotNull(${measured}) - {least:Float64}) / {width:Float64}), ${BINS - 1}) AS bin, count() AS rows
            ${from} AND ${isMeasured} GROUP BY bin ORDER BY bin`,
          params: { ...params, least, width },
          row: Bin,
        });
  return {
    rows: facts.rows,
    missing: facts.rows - facts.present,
    distinct: facts.distinct,
    values,
    bins: rows.map(({ bin, rows: n }) => ({ from: least + bin * width, to: least + (bin + 1) * width, rows: n })),
    unit: isNumber ? ("value" as const) : ("characters" as const),
  };
}

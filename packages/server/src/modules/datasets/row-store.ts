import { z } from "zod";
import type { Columnar } from "../../platform/columnar/port.ts";
import type { Manifest } from "./manifest.ts";
import { fieldOf, whereItems } from "./row-filter-store.ts";

/** The rows of a manifest, of the chunks that are indexed. */
export type RowScope = { readonly projectId: string; readonly manifest: Manifest };
type Page = { readonly filter: string; readonly sort: string; readonly offset: number; readonly limit: number };

const Matches = z.object({ total: z.coerce.number(), positions: z.array(z.coerce.number()) });
const Position = z.object({ position: z.coerce.number() });
const Count = z.object({ total: z.coerce.number() });
const Place = z.object({ object: z.string(), row: z.coerce.number(), item_id: z.string() });
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

/** Where a row lies among all rows of the manifest. */
const POSITION = "transform(object, {objects:Array(String)}, {starts:Array(UInt64)}, toUInt64(0)) + row";
const OF = "project_id = {projectId:String} AND object IN {objects:Array(String)}";

function paramsOf({ projectId, manifest }: RowScope) {
  let start = 0;
  const starts: number[] = [];
  for (const { rows } of manifest.chunks) {
    starts.push(start);
    start += rows;
  }
  return { projectId, objects: manifest.chunks.map(({ object }) => object), starts };
}

/** The index over the rows of chunks, which can be made again from them at any time. */
export const createRowStore = (columnar: Columnar) => ({
  insert: (lines: Buffer, token: string): Promise<void> => columnar.insertLines("dataset_rows", lines, { token }),

  /** Those of the objects that have rows. */
  async listIndexed(projectId: string, objects: readonly string[]): Promise<Set<string>> {
    const rows = await columnar.select({
      sql: `SELECT DISTINCT object FROM dataset_rows WHERE ${OF}`,
      params: { projectId, objects },
      row: z.object({ object: z.string() }),
    });
    return new Set(rows.map(({ object }) => object));
  },

  async delete(projectId: string, objects: readonly string[]): Promise<void> {
    await columnar.command(`DELETE FROM dataset_rows WHERE ${OF}`, { projectId, objects });
  },

  /** The places of the rows that match, in the order asked for, and how many there are in all. */
  async find(scope: RowScope, { filter, sort, offset, limit }: Page): Promise<{ total: number; positions: number[] }> {
    const where = whereItems(filter);
    const params = { ...paramsOf(scope), ...where.params };
    const from = `FROM dataset_rows WHERE ${OF} AND ${where.sql}`;
    if (sort === "") {
      const most = Math.trunc(offset + limit);
      const [found] = await columnar.select({
        sql: `SELECT count() AS total, groupArraySorted(${most})(${POSITION}) AS positions ${from}`,
        params,
        row: Matches,
      });
      return { total: found?.total ?? 0, positions: found?.positions.slice(offset) ?? [] };
    }
    const isDescending = sort.startsWith("-");
    const field = fieldOf(isDescending ? sort.slice(1) : sort, "sort");
    const order = isDescending ? "DESC" : "ASC";
    const [rows, [count]] = await Promise.all([
      columnar.select({
        sql: `SELECT ${POSITION} AS position ${from}
          ORDER BY NOT ${field.exists}, isNull(${field.number}), ${field.number} ${order}, ${field.text} ${order}, position
          LIMIT {limit:UInt64} OFFSET {offset:UInt64}`,
        params: { ...params, ...field.params, limit, offset },
        row: Position,
      }),
      columnar.select({ sql: `SELECT count() AS total ${from}`, params, row: Count }),
    ]);
    return { total: count?.total ?? 0, positions: rows.map(({ position }) => position) };
  },

  /** The chunks that hold rows a filter keeps, as places in the manifest, and how many rows they are. */
  async findChunks(
    { projectId, manifest }: RowScope,
    filter: string,
  ): Promise<{ chunks: Set<number>; ids: Set<string> }> {
    const where = whereItems(filter);
    const rows = await columnar.select({
      sql: `SELECT object, item_id FROM dataset_rows WHERE ${OF} AND ${where.sql}`,
      params: { ...paramsOf({ projectId, manifest }), ...where.params },
      row: z.object({ object: z.string(), item_id: z.string() }),
    });
    const places = new Map(manifest.chunks.map(({ object }, place) => [object, place]));
    const chunks = new Set(rows.flatMap(({ object }) => places.get(object) ?? []));
    return { chunks, ids: new Set(rows.map((row) => row.item_id)) };
  },

  /** Every chunk of the project in which an item with one of these ids lies. */
  locate: (projectId: string, ids: readonly string[]) =>
    columnar.select({
      sql: "SELECT object, row, item_id FROM dataset_rows WHERE project_id = {projectId:String} AND item_id IN {ids:Array(String)}",
      params: { projectId, ids },
      row: Place,
    }),

  async distribution(scope: RowScope, { filter, field: name }: { filter: string; field: string }) {
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
  },
});
export type RowStore = ReturnType<typeof createRowStore>;

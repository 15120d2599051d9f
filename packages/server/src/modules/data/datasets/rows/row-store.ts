import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { readDistribution } from "./distribution-sql.ts";
import { fieldOf, whereItems } from "./row-filter-sql.ts";
import { OF, POSITION, paramsOf, type RowScope } from "./row-scope-sql.ts";

type Page = { readonly filter: string; readonly sort: string; readonly offset: number; readonly limit: number };

const Matches = z.object({ total: z.coerce.number(), positions: z.array(z.coerce.number()) });
const Position = z.object({ position: z.coerce.number() });
const Count = z.object({ total: z.coerce.number() });
const Place = z.object({ object: z.string(), row: z.coerce.number(), item_id: z.string() });

/** The index over the rows of chunks, which can be made again from them at any time. */
export const createRowStore = (columnar: Columnar) => ({
  insert: (lines: Buffer, token: string): Promise<void> => columnar.insertLines("dataset_rows", lines, { token }),

  /** Objects that have rows. */
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

  /** The positions of matching rows, in the requested order, and their total number. */
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

  /** The chunks with matching rows, as indexes in the manifest, and the number of rows. */
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

  distribution: (scope: RowScope, query: { filter: string; field: string }) => readDistribution(columnar, scope, query),

  /** Every chunk of the project in which an item with one of these ids lies. */
  locate: (projectId: string, ids: readonly string[]) =>
    columnar.select({
      sql: "SELECT object, row, item_id FROM dataset_rows WHERE project_id = {projectId:String} AND item_id IN {ids:Array(String)}",
      params: { projectId, ids },
      row: Place,
    }),
});
export type RowStore = ReturnType<typeof createRowStore>;

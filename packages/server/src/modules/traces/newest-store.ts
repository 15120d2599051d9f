import { z } from "zod";
import type { Columnar } from "../../platform/columnar/port.ts";
import { toMicros } from "./micros.ts";

const HOUR_MICROS = 3_600_000_000;
/** How far back looks go before one that goes to the end. */
const MOST_HOURS = 14 * 24;

/** A span of a project's newest hour: where to begin to look. Null when it has none. The order is the table's own, so one place is read. */
export async function findNewest(columnar: Columnar, projectId: string, { to }: { to?: string }) {
  const [found] = await columnar.select({
    sql: `SELECT toString(toUnixTimestamp64Micro(start_time)) AS micros FROM spans
      WHERE project_id = {projectId:String}${to === undefined ? "" : " AND start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')"}
      ORDER BY project_id DESC, toStartOfHour(start_time) DESC LIMIT 1`,
    params: { projectId, to: to === undefined ? 0 : toMicros(to) },
    row: z.object({ micros: z.coerce.number() }),
  });
  return found?.micros ?? null;
}

type Looks<Row> = {
  /** Where to begin, from `findNewest` or a cursor. */
  readonly newest: number | null;
  /** Looks that would reach before this time reach to the end. */
  readonly from: string | undefined;
  readonly wanted: number;
  /** The newest rows since a time, or since ever; a row of a longer look never comes before one of a shorter look. */
  look(since: number | null): Promise<Row[]>;
};

/** Looks ever further back until there are rows enough, so that the newest of much are found in little. How far the next look goes, the last one tells. */
export async function lookBack<Row>({ newest, from, wanted, look }: Looks<Row>): Promise<Row[]> {
  if (newest === null) return [];
  const oldest = from === undefined ? Number.NEGATIVE_INFINITY : toMicros(from);
  for (let hours = 1; hours <= MOST_HOURS; ) {
    const since = Math.floor(newest - hours * HOUR_MICROS);
    if (since <= oldest) break;
    const rows = await look(since);
    if (rows.length >= wanted) return rows;
    hours *= rows.length === 0 ? 24 : Math.min(48, Math.max(4, (2 * wanted) / rows.length));
  }
  return look(null);
}

/** What a look adds to the conditions; wants `{since:Int64}` to be bound. */
export const isSince = (since: number | null) =>
  since === null ? "" : "AND start_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')";

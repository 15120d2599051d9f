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

type Looks = {
  /** Where to begin, from `findNewest` or a cursor. */
  readonly newest: number | null;
  /** Looks that would reach before this time reach to the end. */
  readonly from: string | undefined;
  readonly wanted: number;
};

/**
 * How far back the next look goes, in hours: what the last one found says how much there is. Four times that, since nights and weekends
 * are quieter than the hour before them, and a further look costs more than a longer one.
 */
const nextHours = (hours: number, found: number, wanted: number) =>
  hours * (found === 0 ? 24 : Math.min(48, Math.max(4, (4 * wanted) / found)));

/** Since when a look that many hours back looks; null is since ever. */
function sinceOf(hours: number, { newest, from }: Looks): number | null {
  const since = Math.floor(Number(newest) - hours * HOUR_MICROS);
  return hours > MOST_HOURS || (from !== undefined && since <= toMicros(from)) ? null : since;
}

/**
 * Looks ever further back until there are rows enough, so that the newest of much are found in little. Each look goes over all since a
 * time; a row of a longer one never comes before one of a shorter one.
 */
export async function lookBack<Row>(looks: Looks & { look(since: number | null): Promise<Row[]> }): Promise<Row[]> {
  if (looks.newest === null) return [];
  for (let hours = 1; ; ) {
    const since = sinceOf(hours, looks);
    const rows = await looks.look(since);
    if (rows.length >= looks.wanted || since === null) return rows;
    hours = nextHours(hours, rows.length, looks.wanted);
  }
}

/** A stretch of time that ends where the one before it began; null is without an end. */
export type Stretch = { readonly since: number | null; readonly before: number | null; readonly rows: number };

/** As `lookBack`, for rows that a stretch of time holds whole: no time is looked through twice. */
export async function lookBackByStretch<Row>(
  looks: Looks & { look(stretch: Stretch): Promise<Row[]> },
): Promise<Row[]> {
  if (looks.newest === null) return [];
  const rows: Row[] = [];
  let before: number | null = null;
  for (let hours = 1; ; ) {
    const since = sinceOf(hours, looks);
    rows.push(...(await looks.look({ since, before, rows: looks.wanted - rows.length })));
    if (rows.length >= looks.wanted || since === null) return rows;
    hours = nextHours(hours, rows.length, looks.wanted);
    before = since;
  }
}

/** What a look adds to the conditions; wants `{since:Int64}` to be bound. */
export const isSince = (since: number | null) =>
  since === null ? "" : "AND start_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')";
/** As `isSince`; wants `{before:Int64}` to be bound. */
export const isBefore = (before: number | null) =>
  before === null ? "" : "AND start_time < fromUnixTimestamp64Micro({before:Int64}, 'UTC')";

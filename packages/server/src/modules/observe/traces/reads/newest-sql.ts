import { z } from "zod";
import { type Clock, systemClock } from "../../../../kernel/clock.ts";
import { createPerProject } from "../../../../kernel/per-project.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { toMicros } from "../rows/micros.ts";

type Reader = Pick<Columnar, "select">;

const HOUR_MICROS = 3_600_000_000;
/** The steps back in time before the search reads to the end. */
const MOST_HOURS = 14 * 24;

/**
 * A span of a project's newest hour, as the start of the search. Null if it has none. The order is the table's own, so
 * only one place is read.
 */
export async function findNewest(columnar: Reader, projectId: string, { to }: { to?: string | undefined }) {
  const [found] = await columnar.select({
    sql: `SELECT toString(toUnixTimestamp64Micro(start_time)) AS micros FROM spans
      WHERE project_id = {projectId:String}${to === undefined ? "" : " AND start_time < fromUnixTimestamp64Micro({to:Int64}, 'UTC')"}
      ORDER BY project_id DESC, toStartOfHour(start_time) DESC LIMIT 1`,
    params: { projectId, to: to === undefined ? 0 : toMicros(to) },
    row: z.object({ micros: z.coerce.number() }),
  });
  return found?.micros ?? null;
}

const NEWEST_HOUR = `toStartOfHour(start_time) = (SELECT toStartOfHour(start_time) FROM spans WHERE project_id = {projectId:String}
  ORDER BY project_id DESC, toStartOfHour(start_time) DESC LIMIT 1)`;

/** So many rows are looked through in little more than it takes to begin. */
const EASY_ROWS = 500_000;
/** One span whose sender's clock is ahead is alone in its hour, and says nothing of those before. */
const MOST_EASY_HOURS = 24;
const REMEMBERED_MS = 60_000;

/** Where lists of some spans among all begin: so far back as is easy, by how much there was in the newest hour, which is remembered for a minute. */
export function createEasyLooks(columnar: Reader, clock: Clock = systemClock) {
  const newestHours = createPerProject({
    maxAgeMs: REMEMBERED_MS,
    clock,
    load: async (projectId) => {
      const [hour] = await columnar.select({
        sql: `SELECT toString(toUnixTimestamp64Micro(max(start_time))) AS micros, count() AS rows FROM spans
          WHERE project_id = {projectId:String} AND ${NEWEST_HOUR}`,
        params: { projectId },
        row: z.object({ micros: z.coerce.number(), rows: z.coerce.number() }),
      });
      return hour ?? { micros: 0, rows: 0 };
    },
  });

  /** The start for `lookBackByStretch`. A period that is not much longer than a cheap one is searched in one step. */
  return async (projectId: string, { from, to }: { from?: string | undefined; to?: string | undefined }) => {
    const { micros, rows } = await newestHours.get(projectId);
    const hours = rows === 0 ? 1 : Math.min(MOST_EASY_HOURS, Math.max(1, EASY_ROWS / rows));
    const isOlder = to !== undefined && toMicros(to) <= micros;
    const end = isOlder ? toMicros(to) : micros;
    // Spans that arrived after the value was remembered are in the first step, which has no end. An earlier empty
    // result may be outdated.
    if (rows > 0 && (!isOlder || isWithin(hours, { newest: end, from }))) return { newest: end, hours };
    return { newest: await findNewest(columnar, projectId, { to }), hours };
  };
}

type Looks = {
  /** Where to begin, from `findNewest` or a cursor. */
  readonly newest: number | null;
  /** The length of the first step. An hour by default. */
  readonly hours?: number;
  /** Looks that would reach before this time reach to the end. */
  readonly from?: string | undefined;
  readonly wanted: number;
};

/**
 * The length of the next step, in hours, based on the last step's density. It is four times as long as estimated, since
 * nights and weekends are quieter, and a further step costs more than a longer one.
 */
const nextHours = (hours: number, found: number, wanted: number) =>
  hours * (found === 0 ? 24 : Math.min(48, Math.max(4, (4 * wanted) / found)));

/** Whether a look is nearly as long as the period: what is left would cost more in a further look than in a longer one. */
const isWithin = (hours: number, { newest, from }: Pick<Looks, "newest" | "from">) =>
  from !== undefined && Number(newest) - 1.5 * hours * HOUR_MICROS <= toMicros(from);

/** Since when a look that many hours back looks; null is since ever. */
const sinceOf = (hours: number, looks: Looks): number | null =>
  hours > MOST_HOURS || isWithin(hours, looks) ? null : Math.floor(Number(looks.newest) - hours * HOUR_MICROS);

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
  for (let { hours = 1 } = looks; ; ) {
    const since = sinceOf(hours, looks);
    rows.push(...(await looks.look({ since, before, rows: looks.wanted - rows.length })));
    if (rows.length >= looks.wanted || since === null) return rows;
    hours = nextHours(hours, rows.length, looks.wanted);
    before = since;
  }
}

/** The condition that a step adds. It requires `{since:Int64}`. */
export const isSince = (since: number | null) =>
  since === null ? "" : "AND start_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')";
/** As `isSince`; wants `{before:Int64}` to be bound. */
export const isBefore = (before: number | null) =>
  before === null ? "" : "AND start_time < fromUnixTimestamp64Micro({before:Int64}, 'UTC')";

import { z } from "zod";
import type { Columnar } from "../../platform/columnar/port.ts";
import { toMicros } from "./micros.ts";

const HOUR_MICROS = 3_600_000_000;
/** How far back one look goes, in hours; the last one has no end. */
const LOOKS_BACK = [1, 8, 48, 14 * 24] as const;

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

/** Since when each look for the newest of something goes back, ever further; null is without an end. */
export function looksBack(newestMicros: number, from: string | undefined): (number | null)[] {
  const oldest = from === undefined ? Number.NEGATIVE_INFINITY : toMicros(from);
  const looks = LOOKS_BACK.map((hours) => newestMicros - hours * HOUR_MICROS);
  return [...looks.filter((since) => since > oldest), null];
}

/** What a look adds to the conditions; wants `{since:Int64}` to be bound. */
export const isSince = (since: number | null) =>
  since === null ? "" : "AND start_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')";

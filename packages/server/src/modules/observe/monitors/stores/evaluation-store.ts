import { sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { SeriesMap } from "../core/series-state.ts";
import type { StateRow } from "./monitor-store.ts";

/** The result of one evaluation of a monitor. */
export type EvaluatedState = {
  readonly monitorId: string;
  readonly revision: number;
  readonly windowEnd: number;
  readonly series: SeriesMap;
  readonly lastError: string;
  readonly evaluatedAt: number;
};

/**
 * Stores evaluations. A window that another process has evaluated, or whose monitor was changed in between, changes nothing. Gives
 * the ids of the monitors whose state was stored.
 */
export async function saveStates(
  db: Postgres,
  projectId: string,
  states: readonly EvaluatedState[],
): Promise<ReadonlySet<string>> {
  if (states.length === 0) return new Set();
  const rows = states.map(({ windowEnd, evaluatedAt, monitorId, lastError, revision, series }) => ({
    monitor_id: monitorId,
    revision,
    window_end: new Date(windowEnd).toISOString(),
    series,
    last_error: lastError,
    evaluated_at: new Date(evaluatedAt).toISOString(),
  }));
  const saved = await db.execute<{ monitor_id: string }>(
    sql`UPDATE monitor_states AS state
      SET window_end = next.window_end, series = next.series, last_error = next.last_error, evaluated_at = next.evaluated_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS next
        (monitor_id text, revision integer, window_end timestamptz, series jsonb, last_error text, evaluated_at timestamptz)
      WHERE state.project_id = ${projectId} AND state.monitor_id = next.monitor_id AND state.revision = next.revision
        AND (state.window_end IS NULL OR state.window_end < next.window_end)
      RETURNING state.monitor_id`,
  );
  return new Set(saved.rows.map(({ monitor_id }) => monitor_id));
}

/** Times are milliseconds since 1970. */
type Rewound = { readonly series: SeriesMap; readonly now: number; readonly limit: number };

/** Sets the last window of a monitor back to now, unless another process has done so or the monitor was changed in between. */
export async function rewindState(
  db: Postgres,
  { projectId, monitorId, revision }: StateRow,
  { series, now, limit }: Rewound,
): Promise<void> {
  const at = new Date(now).toISOString();
  await db.execute(
    sql`UPDATE monitor_states SET window_end = ${at}, evaluated_at = ${at}, series = ${JSON.stringify(series)}::jsonb
      WHERE project_id = ${projectId} AND monitor_id = ${monitorId} AND revision = ${revision}
        AND window_end > ${new Date(limit).toISOString()}`,
  );
}

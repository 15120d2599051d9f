import { MonitorPoint, type MonitorSeriesPoint } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";

export type PointRow = { readonly monitorId: string; readonly series: string; readonly point: MonitorPoint };

type Listing = {
  readonly monitorId: string;
  readonly series: string | undefined;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly after: readonly [at: number, series: string] | null;
  readonly limit: number;
};

const TABLE = "monitor_points";
const DAYS = 30;
const Row = z.object({
  at_ms: z.coerce.number(),
  series: z.string(),
  value: z.number().nullable(),
  n: z.number(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  expected: z.number().nullable(),
  evidence: z.number().nullable(),
  state: MonitorPoint.shape.state,
});

/** The evaluations of the last 30 days. An evaluation that was stored twice is listed once. */
export const createPointStore = (columnar: Pick<Columnar, "select" | "insert">) => ({
  async add(projectId: string, rows: readonly PointRow[]): Promise<void> {
    if (rows.length === 0) return;
    await columnar.insert(
      TABLE,
      rows.map(({ monitorId, series, point: { at, ...point } }) => ({
        project_id: projectId,
        monitor_id: monitorId,
        series,
        at: at.replace("T", " ").replace("Z", ""),
        ...point,
      })),
    );
  },

  /** Oldest first, with their series. */
  list: (projectId: string, listing: Listing) => listPoints(columnar, projectId, listing),
});

async function listPoints(
  columnar: Pick<Columnar, "select">,
  projectId: string,
  { after, ...listing }: Listing,
): Promise<MonitorSeriesPoint[]> {
  const rows = await columnar.select({
    sql: `SELECT toUnixTimestamp64Milli(at) AS at_ms, series, value, n, lower, upper, expected, evidence, state FROM ${TABLE}
        WHERE project_id = {projectId:String} AND monitor_id = {monitorId:String}
          AND at >= greatest(fromUnixTimestamp64Milli({from:Int64}, 'UTC'), now64(3, 'UTC') - INTERVAL ${DAYS} DAY)
          AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
          ${listing.series === undefined ? "" : "AND series = {series:String}"}
          ${after === null ? "" : "AND (toUnixTimestamp64Milli(at), series) > ({afterMs:Int64}, {afterSeries:String})"}
        ORDER BY at_ms, series LIMIT 1 BY at_ms, series LIMIT {limit:UInt32}`,
    params: {
      projectId,
      ...listing,
      series: listing.series ?? "",
      ...(after !== null && { afterMs: after[0], afterSeries: after[1] }),
    },
    row: Row,
  });
  return rows.map(({ at_ms, ...point }) => ({ at: new Date(at_ms).toISOString(), ...point }));
}

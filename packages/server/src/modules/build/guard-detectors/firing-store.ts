import { z } from "zod";
import type { Columnar } from "../../../platform/columnar/port.ts";

const checked = {
  day: z.string(),
  endpoint: z.string(),
  policyId: z.string(),
  version: z.coerce.number(),
  calls: z.coerce.number(),
};
const CheckedRow = z.object(checked);
const FiredRow = z.object({ ...checked, detector: z.string() });
export type CheckedCalls = z.output<typeof CheckedRow>;
export type FiredCalls = z.output<typeof FiredRow>;

const FACTS = `toString(toDate(start_time, 'UTC')) AS day, endpoint, attributes['treadle.guard.policy'] AS policyId, attributes['treadle.guard.version'] AS version`;
const IS_CHECKED = `project_id = {projectId:String} AND start_time >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')
  AND mapContains(attributes, 'treadle.guard.policy')`;
const DETECTORS = `arrayDistinct(arrayMap(finding -> JSONExtractString(finding, 'detector'),
  JSONExtractArrayRaw(attributes['treadle.guard.findings'])))`;

/** How often guards fired, by what the spans of calls record. Every method takes the project first. */
export const createFiringStore = (columnar: Pick<Columnar, "select">) => ({
  /** Checked calls by day, endpoint and version of a policy. */
  countChecked: (projectId: string, fromMs: number): Promise<CheckedCalls[]> =>
    columnar.select({
      sql: `SELECT ${FACTS}, count() AS calls FROM spans WHERE ${IS_CHECKED} GROUP BY day, endpoint, policyId, version`,
      params: { projectId, fromMs },
      row: CheckedRow,
    }),

  /** The same for calls with a finding, by detector. */
  countFired: (projectId: string, fromMs: number): Promise<FiredCalls[]> =>
    columnar.select({
      sql: `SELECT ${FACTS}, arrayJoin(${DETECTORS}) AS detector, count() AS calls FROM spans
        WHERE ${IS_CHECKED} AND mapContains(attributes, 'treadle.guard.findings')
        GROUP BY day, endpoint, policyId, version, detector`,
      params: { projectId, fromMs },
      row: FiredRow,
    }),

  async hasSpan(projectId: string, { traceId, spanId }: { traceId: string; spanId: string }): Promise<boolean> {
    const rows = await columnar.select({
      sql: `SELECT span_id FROM spans WHERE project_id = {projectId:String} AND trace_id = {traceId:String}
        AND span_id = {spanId:String} LIMIT 1`,
      params: { projectId, traceId, spanId },
      row: z.object({ span_id: z.string() }),
    });
    return rows.length > 0;
  },
});

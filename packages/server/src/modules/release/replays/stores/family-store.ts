import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";

const Row = z.object({ trace_id: z.string(), span_id: z.string(), kind: z.enum(["generation", "retrieval"]) });
export type FamilyKey = {
  readonly traceId: string;
  readonly spanId: string;
  readonly kind: "generation" | "retrieval";
};

/** A trace with more calls is read up to this number. */
const MOST_PER_TRACE = 100;

/** The calls of models and the retrievals of some traces, oldest first. */
export async function listFamily(
  columnar: Pick<Columnar, "select">,
  projectId: string,
  traceIds: readonly string[],
): Promise<FamilyKey[]> {
  const rows = await columnar.select({
    sql: `SELECT trace_id, span_id, toString(kind) AS kind FROM spans
      WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)} AND kind IN ('generation', 'retrieval')
      ORDER BY start_time, span_id LIMIT ${MOST_PER_TRACE} BY trace_id`,
    params: { projectId, traceIds },
    row: Row,
  });
  return rows.map((row) => ({ traceId: row.trace_id, spanId: row.span_id, kind: row.kind }));
}

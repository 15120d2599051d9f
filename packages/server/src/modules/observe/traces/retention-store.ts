import { z } from "zod";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { toMicros } from "./rows/micros.ts";

/** The retained traces of a project, with their start times. */
const TABLES = { spans: "start_time", scores: "time", span_contents: "time", feedback: "time" } as const;

/** Drops old traces, or one trace. Deleted ids are remembered, so that later data is not attached to them. */
export const createRetentionStore = (columnar: Columnar) => ({
  /** Deletes what began before a time (ISO 8601), with the scores and logs of before. Ends when it is gone: that takes a rewrite of the parts it is in. */
  async deleteOlderThan(projectId: string, time: string): Promise<void> {
    const isOld = "project_id = {projectId:String} AND start_time < fromUnixTimestamp64Micro({before:Int64}, 'UTC')";
    await columnar.command(
      `INSERT INTO deleted_traces SELECT project_id, trace_id, max(start_time) FROM spans
        WHERE ${isOld} AND trace_id NOT IN (SELECT trace_id FROM spans WHERE project_id = {projectId:String} AND NOT (${isOld}))
        GROUP BY project_id, trace_id`,
      { projectId, before: toMicros(time) },
    );
    for (const [table, column] of Object.entries(TABLES))
      await columnar.command(
        `ALTER TABLE ${table} DELETE WHERE project_id = {projectId:String} AND ${column} < fromUnixTimestamp64Micro({before:Int64}, 'UTC')
          SETTINGS mutations_sync = 1`,
        { projectId, before: toMicros(time) },
      );
  },

  /** Deletes a trace with all its data. False if there is none. */
  async deleteTrace(projectId: string, traceId: string): Promise<boolean> {
    const [found] = await columnar.select({
      sql: "SELECT count() AS count FROM spans WHERE project_id = {projectId:String} AND trace_id = {traceId:String}",
      params: { projectId, traceId },
      row: z.object({ count: z.coerce.number() }),
    });
    if (!found?.count) return false;
    await columnar.command("INSERT INTO deleted_traces SELECT {projectId:String}, {traceId:String}, now64(6, 'UTC')", {
      projectId,
      traceId,
    });
    for (const table of Object.keys(TABLES))
      await columnar.command(
        `ALTER TABLE ${table} DELETE WHERE project_id = {projectId:String} AND trace_id = {traceId:String} SETTINGS mutations_sync = 1`,
        { projectId, traceId },
      );
    return true;
  },
});

import type { Columnar } from "../../platform/columnar/port.ts";
import { toMicros } from "./micros.ts";

/** What is kept of a project's traces, and when each began. */
const TABLES = { spans: "start_time", scores: "time", span_contents: "time" } as const;

/** Lets go of what is old. */
export const createRetentionStore = (columnar: Columnar) => ({
  /** Deletes what began before a time (ISO 8601), with the scores and logs of before. Ends when it is gone: that takes a rewrite of the parts it is in. */
  async deleteOlderThan(projectId: string, time: string): Promise<void> {
    for (const [table, column] of Object.entries(TABLES))
      await columnar.command(
        `ALTER TABLE ${table} DELETE WHERE project_id = {projectId:String} AND ${column} < fromUnixTimestamp64Micro({before:Int64}, 'UTC')
          SETTINGS mutations_sync = 1`,
        { projectId, before: toMicros(time) },
      );
  },
});

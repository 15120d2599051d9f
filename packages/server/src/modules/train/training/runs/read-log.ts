import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createEventStore } from "../stores/event-store.ts";
import { presentEvent } from "./present-job.ts";

/** Greater than any number of an event. */
const NEWEST = 2 ** 31 - 1;
const MOST_LINES = 5_000;

/** A provider's messages about a job, one per line: the last ones, and whether these are all. */
export async function readRemoteLog(db: Postgres, runId: string, bytes: number) {
  const events = await createEventStore(db).listBefore(runId, NEWEST, MOST_LINES);
  const lines = events.toReversed().map((event) => {
    const { level, message } = presentEvent(runId, event);
    return `${new Date(event.t * 1_000).toISOString()} ${level} ${message}\n`;
  });
  const log = Buffer.from(lines.join(""));
  return { text: log.subarray(-bytes).toString("utf8"), isWhole: log.length <= bytes && events.length < MOST_LINES };
}

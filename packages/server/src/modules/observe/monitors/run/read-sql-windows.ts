import { isEmpty, type Reading } from "../core/reading.ts";
import { refreshSecondsOf } from "../core/windows.ts";
import { BusyError, readable, readSql, SQL_TIMEOUT_MS } from "../reads/read-sql.ts";
import type { MonitorDeps } from "./deps.ts";
import { messageForPeople, type ObservedResult, type Subject } from "./subject.ts";

type Window = { readonly end: number; readonly readings: ReadonlyMap<string, Reading> };
/** The last window of each length in seconds. */
type Windows = Map<number, Window>;

/** Monitors whose windows are stored. */
const MOST_STORED = 500;

/** Reads the windows of subjects with SQL. Each window is a statement, so a long window is used again while it hardly changes. */
export function createSqlReader({
  runSql,
  sqlTimeoutMs: timeoutMs = SQL_TIMEOUT_MS,
}: Pick<MonitorDeps, "runSql" | "sqlTimeoutMs">) {
  const stored = new Map<string, Windows>();

  async function refresh(windows: Windows, { row, plan, end }: Subject, signal: AbortSignal): Promise<void> {
    const { source } = row.config;
    if (source.kind !== "sql") throw new Error("The monitor has no statement.");
    for (const [seconds, lasts] of refreshSecondsOf(plan)) {
      const last = windows.get(seconds);
      if (last && end >= last.end && end - last.end < lasts * 1_000) continue;
      const window = { sql: source.sql, from: end - seconds * 1_000, to: end, timeoutMs, signal };
      const readings = readable(plan.condition, await readSql(runSql, row.projectId, window));
      windows.set(seconds, { end, readings });
    }
  }

  return async function observeSql(subject: Subject, signal: AbortSignal): Promise<ObservedResult> {
    const windows = windowsOf(stored, subject);
    try {
      await refresh(windows, subject, signal);
      return { series: bySeries(windows), names: null };
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof BusyError ? "later" : { error: messageForPeople(error) };
    }
  };
}

/** The stored windows of a monitor, since its series began. The most recently used entry is last. */
function windowsOf(stored: Map<string, Windows>, { row: { id, revision } }: Subject): Windows {
  const key = `${id} ${revision}`;
  const windows = stored.get(key) ?? new Map();
  stored.delete(key);
  stored.set(key, windows);
  for (const oldest of stored.keys()) {
    if (stored.size <= MOST_STORED) break;
    stored.delete(oldest);
  }
  return windows;
}

function bySeries(windows: Windows): ReadonlyMap<string, ReadonlyMap<number, Reading>> {
  const series = new Map<string, Map<number, Reading>>();
  for (const [seconds, { readings }] of windows)
    for (const [name, reading] of readings)
      if (!isEmpty(reading)) series.set(name, (series.get(name) ?? new Map()).set(seconds, reading));
  return series;
}

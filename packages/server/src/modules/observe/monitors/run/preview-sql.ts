import type { MonitorInput, MonitorPreview } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Reading } from "../core/reading.ts";
import { type ReplayWindow, replay } from "../core/replay.ts";
import { stepSecondsOf, windowLengthsOf } from "../core/windows.ts";
import { readable, readSql, SQL_TIMEOUT_MS } from "../reads/read-sql.ts";
import type { MonitorDeps } from "./deps.ts";
import { type SeriesReplay, toPreview } from "./to-preview.ts";

type Deps = Pick<MonitorDeps, "clock" | "runSql">;
type Ask = { readonly projectId: string; readonly input: MonitorInput; readonly signal: AbortSignal };
type Frame = { readonly until: number; readonly notices: string[] };

const SQL_WINDOWS = 30;
const SQL_BUDGET_MS = 8_000;

/** Statements are expensive, so a preview of SQL covers the last windows only. */
export async function previewSql(deps: Deps, ask: Ask, frame: Frame): Promise<MonitorPreview> {
  const { input } = ask;
  if (input.source.kind !== "sql") throw new Error("The monitor has no statement.");
  const stepMs = Math.max(stepSecondsOf(input), input.windowSeconds) * 1_000;
  const to = Math.floor(frame.until / stepMs) * stepMs;
  const { windows, from } = await readWindows(deps, ask, { to, stepMs });
  frame.notices.push(`The preview of a statement covers the last ${Math.round((to - from) / stepMs)} windows.`);
  const replays = [...windows].map(
    ([series, own]): SeriesReplay => ({
      series,
      ...replay(input, own, { from, learnEveryMs: DAY_MS, isCount: false }),
      traffic: { reading: { kind: "plain", value: 0 }, seconds: 1, events: own.length },
    }),
  );
  return { ...toPreview(input, replays, { from, to, notices: frame.notices }), expectedFalseAlarms: null };
}

/** The last windows, newest first, as far as the time allows. */
async function readWindows(
  deps: Deps,
  { projectId, input, signal }: Ask,
  { to, stepMs }: { readonly to: number; readonly stepMs: number },
): Promise<{ windows: Map<string, ReplayWindow[]>; from: number }> {
  const startedAt = deps.clock.elapsed();
  const windows = new Map<string, ReplayWindow[]>();
  let from = to;
  while (to - from < SQL_WINDOWS * stepMs && deps.clock.elapsed() - startedAt < SQL_BUDGET_MS) {
    for (const [series, readings] of await readAt(deps, { projectId, input, signal }, from)) {
      const own = windows.get(series) ?? [];
      windows.set(series, own);
      own.unshift({ end: from, readings });
    }
    from -= stepMs;
  }
  return { windows, from };
}

/** The readings of each series at a time, by the length of the window. */
async function readAt({ runSql }: Deps, { projectId, input, signal }: Ask, end: number) {
  const sql = input.source.kind === "sql" ? input.source.sql : "";
  const series = new Map<string, Map<number, Reading>>();
  for (const seconds of windowLengthsOf(input)) {
    const window = { sql, from: end - seconds * 1_000, to: end, timeoutMs: SQL_TIMEOUT_MS, signal };
    const readings = readable(input.condition, await readSql(runSql, projectId, window));
    for (const [name, reading] of readings) series.set(name, (series.get(name) ?? new Map()).set(seconds, reading));
  }
  return series;
}

import type { MonitorInput, MonitorPreview } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import { type ReplayWindow, replay } from "../core/replay.ts";
import { stepSecondsOf } from "../core/windows.ts";
import { readSql, SQL_TIMEOUT_MS } from "../reads/read-sql.ts";
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
  const sql = input.source.kind === "sql" ? input.source.sql : "";
  let from = to;
  while (to - from < SQL_WINDOWS * stepMs && deps.clock.elapsed() - startedAt < SQL_BUDGET_MS) {
    const window = { sql, from: from - input.windowSeconds * 1_000, to: from, timeoutMs: SQL_TIMEOUT_MS, signal };
    for (const [series, reading] of await readSql(deps.runSql, projectId, window)) {
      const own = windows.get(series) ?? [];
      windows.set(series, own);
      own.unshift({ end: from, readings: new Map([[input.windowSeconds, reading]]) });
    }
    from -= stepMs;
  }
  return { windows, from };
}

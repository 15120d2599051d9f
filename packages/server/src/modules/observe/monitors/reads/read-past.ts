import type { MonitorInput } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { PastWindow } from "../core/past-window.ts";
import { type Meter, NO_SUMS, type Sums } from "./meters.ts";
import { readRanges } from "./read-ranges.ts";
import type { SpanSource } from "./sums-sql.ts";
import type { SumsStore } from "./sums-store.ts";

type Question = {
  readonly source: SpanSource;
  readonly meter: Meter;
  readonly windowSeconds: MonitorInput["windowSeconds"];
  /** Only windows that end before or at this time. */
  readonly until: number;
  readonly signal: AbortSignal;
};

const MOST_DAYS = 28;
const LEAST_DAYS = 3;
/** More rows would take longer than an evaluation may. */
const MOST_ROWS = 250_000;

/** How many days of windows are learned from. */
export function pastDaysOf({ names }: SpanSource, windowSeconds: number): number {
  const rowsPerDay = (86_400 / windowSeconds) * (names.length + 1);
  return Math.min(MOST_DAYS, Math.max(LEAST_DAYS, Math.floor(MOST_ROWS / rowsPerDay)));
}

/** The past windows of each series, oldest first. Windows do not overlap. */
export async function readPast(
  store: SumsStore,
  projectId: string,
  { source, meter, windowSeconds, until, signal }: Question,
): Promise<ReadonlyMap<string, readonly PastWindow[]>> {
  const stepMs = windowSeconds * 1_000;
  const to = Math.floor(until / stepMs) * stepMs;
  const days = pastDaysOf(source, windowSeconds);
  const from = to - Math.floor((days * DAY_MS) / stepMs) * stepMs;
  const range = { source, meter, from, to, bucketMs: stepMs };
  const read = (await readRanges(store, projectId, { ranges: [range], signal })).get(range) ?? { parts: [] };
  if ("error" in read) throw new Error(read.error);
  const bySeries = Map.groupBy(read.parts, ({ series }) => series);
  return new Map(
    [...bySeries].map(([series, parts]) => {
      const sums = new Map(parts.map((part) => [part.at, part.sums]));
      return [series, toWindows(sums, { meter, stepMs, to })];
    }),
  );
}

type Shape = { readonly meter: Meter; readonly stepMs: number; readonly to: number };

/** All windows since the first with a span. A window without spans is a total of 0. */
function toWindows(sums: ReadonlyMap<number, Sums>, { meter, stepMs, to }: Shape): PastWindow[] {
  const windows: PastWindow[] = [];
  for (let at = Math.min(...sums.keys()); at < to; at += stepMs) {
    const reading = meter.toReading(sums.get(at) ?? NO_SUMS);
    if (reading.kind === "total" || sums.has(at)) windows.push({ end: at + stepMs, reading });
  }
  return windows;
}

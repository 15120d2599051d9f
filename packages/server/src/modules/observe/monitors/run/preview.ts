import type { MonitorInput, MonitorPreview } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { expectedFalseAlarms, type Traffic } from "../core/false-alarms.ts";
import { impossibleBurns } from "../core/judge-burn.ts";
import { type Replayed, type ReplayWindow, replay, thinPoints } from "../core/replay.ts";
import { stepSecondsOf, windowLengthsOf } from "../core/windows.ts";
import { addSums, type Meter, NO_SUMS, type Sums } from "../reads/meters.ts";
import { readRanges } from "../reads/read-ranges.ts";
import { readSql, SQL_TIMEOUT_MS } from "../reads/read-sql.ts";
import { createSumsStore } from "../reads/sums-store.ts";
import { completeUntil } from "./completeness.ts";
import type { MonitorDeps } from "./deps.ts";
import { slideWindows } from "./slide-windows.ts";
import { measureOf, meterFor } from "./subject.ts";

type Deps = Pick<MonitorDeps, "columnar" | "clock" | "spool" | "runSql">;
type Ask = { readonly projectId: string; readonly input: MonitorInput; readonly signal: AbortSignal };

const DAYS = 30;
/** Days before the preview from which a change is learned. */
const LEARN_DAYS = 14;
const SHOWN_SERIES = 10;
const MOST_POINTS = 500;
const MOST_STEPS = 8_640;
const MOST_EVALUATIONS = 400_000;
const MOST_BUCKETS = 600_000;
const SQL_WINDOWS = 30;
const SQL_BUDGET_MS = 8_000;

/** Where a monitor would have fired in the last 30 days, by the same steps as on the server. Nothing is stored. */
export function createPreviews(deps: Deps) {
  return async function preview(ask: Ask): Promise<MonitorPreview> {
    const { input } = ask;
    const notices = noticesOf(input);
    const until = completeUntil(deps.clock.now(), deps.spool.status());
    if (input.source.kind === "sql") return previewSql(deps, ask, { until, notices });
    return previewMeasure(deps, ask, { until, notices });
  };
}

type Frame = { readonly until: number; readonly notices: string[] };

/** The parts that windows are made of: a divisor of the step and of all windows. */
function partsOf(
  input: MonitorInput,
  seriesCount: number,
): { readonly stepSeconds: number; readonly partSeconds: number } {
  const step = stepSecondsOf(input);
  const lengths = windowLengthsOf(input);
  const most = Math.min(MOST_STEPS, Math.floor(MOST_EVALUATIONS / seriesCount));
  let stepSeconds = step;
  let partSeconds = lengths.reduce(divisor, stepSeconds);
  while ((DAYS * 86_400) / stepSeconds > most || (DAYS * 86_400 * seriesCount) / partSeconds > MOST_BUCKETS) {
    stepSeconds += step;
    partSeconds = lengths.reduce(divisor, stepSeconds);
    if (stepSeconds > Math.max(86_400, 2 * step)) break;
  }
  return { stepSeconds, partSeconds };
}

const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other));

async function previewMeasure(deps: Deps, { projectId, input, signal }: Ask, frame: Frame): Promise<MonitorPreview> {
  const measured = measureOf(input);
  if (measured === null) throw new Error("The monitor has no measure.");
  const sums = createSumsStore(deps.columnar);
  const meter = meterFor(measured, input);
  const { filter, groupBy, seriesLimit } = measured;
  const since = frame.until - DAYS * DAY_MS;
  const names =
    groupBy === null
      ? []
      : await sums.listGroups(
          projectId,
          { filter, groupBy },
          { from: since, to: frame.until, limit: seriesLimit, signal },
        );
  const { stepSeconds, partSeconds: wanted } = partsOf(input, names.length + 1);
  // Numbers that do not add up need a part for each window.
  const partSeconds = meter.isAdditive ? wanted : input.windowSeconds;
  const step = meter.isAdditive ? stepSeconds : input.windowSeconds * Math.ceil(stepSeconds / input.windowSeconds);
  const partMs = partSeconds * 1_000;
  const to = Math.floor(frame.until / (step * 1_000)) * step * 1_000;
  const learned = input.condition.kind === "change" ? LEARN_DAYS * DAY_MS : Math.max(...windowLengthsOf(input)) * 1_000;
  const from = to - Math.ceil((DAYS * DAY_MS + learned) / partMs) * partMs;
  const source = { filter, groupBy, names, score: meter.score };
  const range = { source, meter, from, to, bucketMs: partMs };
  const read = (await readRanges(sums, projectId, { ranges: [range], signal })).get(range) ?? { parts: [] };
  if ("error" in read) throw new AppError("unprocessable", { message: `The spans could not be read: ${read.error}` });
  if (step !== stepSecondsOf(input)) frame.notices.push(coarserNotice(step, stepSecondsOf(input)));
  const bySeries = Map.groupBy(read.parts, ({ series }) => series);
  if (groupBy === null && !bySeries.has("")) bySeries.set("", []);
  const begin = to - DAYS * DAY_MS;
  const replays = [...bySeries].map(([series, parts]) => {
    const own = new Map(parts.map((part) => [part.at, part.sums]));
    const windows = slideWindows(own, {
      meter,
      from,
      to,
      partMs,
      stepMs: step * 1_000,
      lengths: windowLengthsOf(input),
    });
    return {
      series,
      ...replaySeries(input, windows, { begin, meter, count: bySeries.size }),
      traffic: trafficOf(own, begin, meter),
    };
  });
  return toPreview(input, replays, { from: begin, to, notices: frame.notices });
}

const coarserNotice = (used: number, wanted: number): string =>
  `The preview evaluates every ${used} seconds, and the monitor every ${wanted} seconds. It can fire earlier than shown.`;

function replaySeries(
  input: MonitorInput,
  windows: readonly ReplayWindow[],
  { begin, meter, count }: { readonly begin: number; readonly meter: Meter; readonly count: number },
): Replayed {
  const rounds = Math.min(DAYS, Math.max(3, Math.floor(600 / Math.max(1, count))));
  return replay(input, windows, { from: begin, learnEveryMs: (DAYS * DAY_MS) / rounds, isCount: meter.isCount });
}

type SeriesReplay = Replayed & { readonly series: string; readonly traffic: Traffic & { readonly events: number } };

function trafficOf(parts: ReadonlyMap<number, Sums>, begin: number, meter: Meter): SeriesReplay["traffic"] {
  const reading = meter.toReading(
    addSums([NO_SUMS, ...[...parts].filter(([at]) => at >= begin).map(([, own]) => own)]),
  );
  return { reading, seconds: DAYS * 86_400, events: "n" in reading ? reading.n : 0 };
}

function toPreview(
  input: MonitorInput,
  replays: readonly SeriesReplay[],
  { from, to, notices }: { readonly from: number; readonly to: number; readonly notices: readonly string[] },
): MonitorPreview {
  const shown = replays
    .toSorted((one, other) => other.alarms.length - one.alarms.length || other.traffic.events - one.traffic.events)
    .slice(0, SHOWN_SERIES);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    series: shown.map(({ series, points, alarms }) => ({
      series,
      points: [...thinPoints(points, MOST_POINTS)],
      alarms: [...alarms],
    })),
    seriesCount: replays.length,
    alarmCount: replays.reduce((sum, { alarms }) => sum + alarms.length, 0),
    expectedFalseAlarms: expectedFalseAlarms(
      input,
      replays.map(({ traffic }) => traffic).filter(({ events }) => events > 0),
    ),
    notices: [...notices],
  };
}

function noticesOf({ condition, source }: MonitorInput): string[] {
  const burns =
    condition.kind === "burn"
      ? impossibleBurns(condition).map(
          ({ burnRate }) =>
            `A burn rate of ${burnRate} can never be exceeded: at an objective of ${condition.objective * 100} %, ${burnRate} times the error budget is more than all requests. Choose a burn rate below ${(1 / (1 - condition.objective)).toFixed(1)}.`,
        )
      : [];
  const sql = source.kind === "sql" ? ["The number of false alarms of a monitor with SQL is unknown."] : [];
  return [...burns, ...sql];
}

/** Statements are expensive, so a preview of SQL covers the last windows only. */
async function previewSql(deps: Deps, { projectId, input, signal }: Ask, frame: Frame): Promise<MonitorPreview> {
  if (input.source.kind !== "sql") throw new Error("The monitor has no statement.");
  const stepMs = Math.max(stepSecondsOf(input), input.windowSeconds) * 1_000;
  const to = Math.floor(frame.until / stepMs) * stepMs;
  const startedAt = deps.clock.elapsed();
  const windows = new Map<string, ReplayWindow[]>();
  let from = to;
  while (to - from < SQL_WINDOWS * stepMs && deps.clock.elapsed() - startedAt < SQL_BUDGET_MS) {
    const window = {
      sql: input.source.sql,
      from: from - input.windowSeconds * 1_000,
      to: from,
      timeoutMs: SQL_TIMEOUT_MS,
      signal,
    };
    const readings = await readSql(deps.runSql, projectId, window);
    for (const [series, reading] of readings) {
      const own = windows.get(series) ?? [];
      windows.set(series, own);
      own.unshift({ end: from, readings: new Map([[input.windowSeconds, reading]]) });
    }
    from -= stepMs;
  }
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

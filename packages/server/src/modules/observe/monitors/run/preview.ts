import { setImmediate as nextTurn } from "node:timers/promises";
import type { MonitorInput, MonitorPreview } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { impossibleBurns } from "../core/judge-burn.ts";
import { createReplay } from "../core/replay.ts";
import { stepSecondsOf, windowLengthsOf } from "../core/windows.ts";
import { addSums, type Meter, NO_SUMS, type Sums } from "../reads/meters.ts";
import { type PartSums, readRanges } from "../reads/read-ranges.ts";
import { createSumsStore } from "../reads/sums-store.ts";
import { completeUntil } from "./completeness.ts";
import type { MonitorDeps } from "./deps.ts";
import { previewSql } from "./preview-sql.ts";
import { type Shape, slideWindows } from "./slide-windows.ts";
import { measureOf, meterFor } from "./subject.ts";
import { type SeriesReplay, toPreview } from "./to-preview.ts";

type Deps = Pick<MonitorDeps, "columnar" | "clock" | "spool" | "runSql">;
type Ask = { readonly projectId: string; readonly input: MonitorInput; readonly signal: AbortSignal };

const DAYS = 30;
/** Days before the preview from which a change is learned. */
const LEARN_DAYS = 14;
const MOST_STEPS = 8_640;
const MOST_EVALUATIONS = 400_000;
const MOST_BUCKETS = 600_000;
/** The duration of uninterrupted work before other work gets its turn. */
const SLICE_MS = 4;

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
  const days = { from: frame.until - DAYS * DAY_MS, to: frame.until, limit: seriesLimit, signal };
  const names = groupBy === null ? [] : await sums.listGroups(projectId, { filter, groupBy }, days);
  const { step, partMs, from, to } = frameOf(input, { meter, seriesCount: names.length + 1, until: frame.until });
  const source = { filter, groupBy, names, score: meter.score };
  const range = { source, meter, from, to, bucketMs: partMs };
  const read = (await readRanges(sums, projectId, { ranges: [range], signal })).get(range) ?? { parts: [] };
  if ("error" in read) throw new AppError("unprocessable", { message: `The spans could not be read: ${read.error}` });
  if (step !== stepSecondsOf(input)) frame.notices.push(coarserNotice(step, stepSecondsOf(input)));
  const bySeries = Map.groupBy(read.parts, ({ series }) => series);
  if (groupBy === null && !bySeries.has("")) bySeries.set("", []);
  const shape = { meter, from, to, partMs, stepMs: step * 1_000, lengths: windowLengthsOf(input) };
  const replays: SeriesReplay[] = [];
  for (const [series, parts] of bySeries)
    replays.push({ series, ...(await replaySeries(input, parts, { shape, count: bySeries.size, signal })) });
  return toPreview(input, replays, { from: beginOf(shape), to, notices: frame.notices });
}

type Extent = { readonly meter: Meter; readonly seriesCount: number; readonly until: number };

/** What is read: the time range with what is learned before it, and its parts. */
function frameOf(input: MonitorInput, { meter, seriesCount, until }: Extent) {
  const { stepSeconds, partSeconds: wanted } = partsOf(input, seriesCount);
  // Numbers that do not add up need a part for each window.
  const partMs = (meter.isAdditive ? wanted : input.windowSeconds) * 1_000;
  const step = meter.isAdditive ? stepSeconds : input.windowSeconds * Math.ceil(stepSeconds / input.windowSeconds);
  const to = Math.floor(until / (step * 1_000)) * step * 1_000;
  const learned = input.condition.kind === "change" ? LEARN_DAYS * DAY_MS : Math.max(...windowLengthsOf(input)) * 1_000;
  return { step, partMs, to, from: to - Math.ceil((DAYS * DAY_MS + learned) / partMs) * partMs };
}

const coarserNotice = (used: number, wanted: number): string =>
  `The preview evaluates every ${used} seconds, and the monitor every ${wanted} seconds. It can fire earlier than shown.`;

const beginOf = ({ to }: Pick<Shape, "to">): number => to - DAYS * DAY_MS;

type Replaying = { readonly shape: Shape; readonly count: number; readonly signal: AbortSignal };

/** Replays one series, and lets the rest of the process work in between. */
async function replaySeries(input: MonitorInput, parts: readonly PartSums[], { shape, count, signal }: Replaying) {
  const { meter } = shape;
  const from = beginOf(shape);
  const rounds = Math.min(DAYS, Math.max(3, Math.floor(600 / Math.max(1, count))));
  const { take, replayed } = createReplay(input, {
    from,
    learnEveryMs: (DAYS * DAY_MS) / rounds,
    isCount: meter.isCount,
  });
  const own = new Map(parts.map((part) => [part.at, part.sums]));
  let startedAt = performance.now();
  for (const window of slideWindows(own, shape)) {
    take(window);
    if (performance.now() - startedAt < SLICE_MS) continue;
    await nextTurn();
    signal.throwIfAborted();
    startedAt = performance.now();
  }
  return { ...replayed, traffic: trafficOf(own, from, meter) };
}

function trafficOf(parts: ReadonlyMap<number, Sums>, begin: number, meter: Meter): SeriesReplay["traffic"] {
  const reading = meter.toReading(
    addSums([NO_SUMS, ...[...parts].filter(([at]) => at >= begin).map(([, own]) => own)]),
  );
  return { reading, seconds: DAYS * 86_400, events: "n" in reading ? reading.n : 0 };
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

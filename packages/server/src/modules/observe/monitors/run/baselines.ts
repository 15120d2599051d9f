import { DAY_MS } from "../../../../kernel/day.ts";
import { baselineOf, type SeriesBaseline } from "../core/baseline.ts";
import { learnedFrom, type PastWindow } from "../core/past-window.ts";
import { isEmpty } from "../core/reading.ts";
import { readPast } from "../reads/read-past.ts";
import type { SumsStore } from "../reads/sums-store.ts";
import type { createTransitionStore, TransitionRow } from "../stores/transition-store.ts";
import { measureOf, meterFor, type Subject } from "./subject.ts";

type Baselines = ReadonlyMap<string, SeriesBaseline | null>;
type Stored = { readonly revision: number; readonly names: string; readonly at: number; readonly baselines: Baselines };
type Deps = {
  readonly sums: SumsStore;
  readonly transitions: Pick<ReturnType<typeof createTransitionStore>, "listSince">;
};
type Look = { readonly names: readonly string[]; readonly signal: AbortSignal };

/** The past is read again after this time. */
const LEARN_EVERY_MS = 6 * 3_600_000;
/** Reading the past takes long, so that one evaluation of a project does it for a few monitors only. */
const MOST_PER_TICK = 8;
const PAST_MS = 28 * DAY_MS;

/** What is expected of the series of monitors for changes, from their past. Not stored: a restart learns again. */
export function createBaselines(deps: Deps) {
  const stored = new Map<string, Stored>();

  return {
    /** For one round of evaluations: null if the past of a monitor is read in a later round. */
    beginRound() {
      let left = MOST_PER_TICK;
      return async function baselinesOf(subject: Subject, look: Look): Promise<Baselines | null> {
        const { row, end } = subject;
        const names = JSON.stringify(look.names);
        const known = stored.get(row.id);
        const isFresh = known && known.revision === row.revision && known.names === names;
        if (isFresh && Math.abs(end - known.at) < LEARN_EVERY_MS) return known.baselines;
        if (left === 0) return null;
        left--;
        const baselines = await learn(deps, subject, look);
        stored.set(row.id, { revision: row.revision, names, at: end, baselines });
        return baselines;
      };
    },
  };
}

async function learn(
  { sums, transitions }: Deps,
  { row, plan, end }: Subject,
  { names, signal }: Look,
): Promise<Baselines> {
  const measured = measureOf(row.config);
  if (measured === null || plan.condition.kind !== "change") return new Map();
  const meter = meterFor(measured, plan);
  const { filter, groupBy } = measured;
  const source = { filter, groupBy, names, score: meter.score };
  // The window that is evaluated is not a part of its own past.
  const until = end - plan.windowSeconds * 1_000;
  const past = await readPast(sums, row.projectId, {
    source,
    meter,
    windowSeconds: plan.windowSeconds,
    until,
    signal,
  });
  const changes = await transitions.listSince(row.projectId, row.id, new Date(until - PAST_MS));
  const options = { isSeasonal: plan.condition.isSeasonal, isCount: meter.isCount };
  const learnedOf = ([series, windows]: readonly [string, readonly PastWindow[]]) =>
    learnable(windows, { since: learnedFrom(plan), fired: firedOf(changes, series) });
  return new Map([...past].map((one) => [one[0], baselineOf(learnedOf(one), options)]));
}

type Limits = { readonly since: number; readonly fired: readonly Fired[] };

const learnable = (windows: readonly PastWindow[], { since, fired }: Limits): PastWindow[] =>
  windows.filter(({ end, reading }) => end >= since && !isEmpty(reading) && !fired.some(isInside(end)));

export type BaselinesOf = ReturnType<ReturnType<typeof createBaselines>["beginRound"]>;

type Fired = { readonly from: number; readonly to: number };
const isInside =
  (at: number) =>
  ({ from, to }: Fired): boolean =>
    at >= from && at <= to;

/** When a series had an incident: these windows are not learned. */
export function firedOf(changes: readonly Pick<TransitionRow, "series" | "at" | "isOpen">[], series: string): Fired[] {
  const fired: Fired[] = [];
  let openedAt: number | null = null;
  for (const { at, isOpen } of changes.filter((change) => change.series === series)) {
    if (isOpen) openedAt ??= at.getTime();
    else if (openedAt !== null) {
      fired.push({ from: openedAt, to: at.getTime() });
      openedAt = null;
    }
  }
  return openedAt === null ? fired : [...fired, { from: openedAt, to: Number.POSITIVE_INFINITY }];
}

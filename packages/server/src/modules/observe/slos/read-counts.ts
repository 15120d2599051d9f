import { SLO_HISTORY_DAYS, type SloInput } from "@treadle/contract";
import { addDays, dayOf, type SloCounts, startOfDay, windowMinutesOf } from "./compute-status.ts";
import { createCountStore } from "./count-store.ts";
import type { SloDeps } from "./deps.ts";
import { createSloStore, type SloRow } from "./store.ts";

/** The days after which a day no longer changes: senders are late, and judges are later. */
const LATE_DAYS = 2;
const LATE_SCORE_DAYS = 7;
/** The days of the longest window, and one more. */
const LIVE_DAYS = 4;
/** Days before the shown history, for the window of its first day. */
const LEAD_DAYS = 30;
const FRESH_MS = 30_000;
const MOST_CACHED = 1_000;

type Deps = Pick<SloDeps, "db" | "columnar" | "whereSpans" | "scoresOf" | "clock">;
type Counted = Pick<SloInput, "endpoint" | "filter" | "counts" | "indicator" | "objective" | "windowDays">;
type Since = { readonly projectId: string; readonly from: string; readonly now: number };
type Entry = { readonly at: number; readonly counts: Promise<SloCounts> };

/** Reads what SLOs counted: final days from the store, newer days and windows from the spans. */
export function createCountReader(deps: Deps) {
  const { clock } = deps;
  const cache = new Map<string, Entry>();
  return {
    /** At most half a minute old. */
    counts(row: SloRow): Promise<SloCounts> {
      const key = `${row.id} ${row.revision} ${row.objective} ${row.windowDays}`;
      const entry = cache.get(key);
      if (entry && clock.now() - entry.at < FRESH_MS) return entry.counts;
      const counts = readCounts(deps, row, clock.now());
      if (cache.size >= MOST_CACHED) cache.clear();
      cache.set(key, { at: clock.now(), counts });
      counts.catch(() => cache.delete(key));
      return counts;
    },
    /** Of an SLO that is not stored. */
    preview: (projectId: string, slo: Counted) =>
      countFrom(deps, slo, { projectId, from: oldestDay(clock.now()), now: clock.now() }),
  };
}
export type CountReader = ReturnType<typeof createCountReader>;

/** From the start of a day to now, without stored days. */
function countFrom({ columnar, whereSpans, scoresOf }: Deps, slo: Counted, since: Since): Promise<SloCounts> {
  const { projectId, from, now } = since;
  const period = { from: new Date(startOfDay(from)).toISOString(), to: new Date(now).toISOString() };
  return createCountStore(columnar, scoresOf).count(projectId, {
    spans: whereSpans(projectId, { ...period, ...(slo.filter !== "" && { filter: slo.filter }) }),
    endpoint: slo.endpoint,
    counts: slo.counts,
    indicator: slo.indicator,
    now,
    minutes: windowMinutesOf(slo),
  });
}

async function readCounts(deps: Deps, row: SloRow, now: number): Promise<SloCounts> {
  const { projectId, id } = row;
  const today = dayOf(now);
  const oldest = oldestDay(now);
  const final = row.daysThrough ?? oldest;
  const from = latest(oldest, earliest(final, addDays(today, -LIVE_DAYS)));
  const [stored, counted] = await Promise.all([
    createSloStore(deps.db).listDays(projectId, id, oldest),
    countFrom(deps, row, { projectId, from, now }),
  ]);
  const newer = counted.days.filter(({ day }) => day >= final);
  await saveFinal(deps, row, { days: newer, today });
  return { days: [...stored.filter(({ day }) => day < final), ...newer], windows: counted.windows };
}

/** Stores the days that have become final. */
async function saveFinal(
  { db }: Deps,
  row: SloRow,
  { days, today }: { readonly days: SloCounts["days"]; readonly today: string },
): Promise<void> {
  const through = addDays(today, -(row.indicator.kind === "score" ? LATE_SCORE_DAYS : LATE_DAYS));
  if (row.daysThrough !== null && row.daysThrough >= through) return;
  const final = days.filter(({ day }) => day < through);
  await db.transaction(async (tx) => {
    const store = createSloStore(tx);
    await store.saveDays(row, final, through);
    await store.deleteDays(row.projectId, row.id, oldestDay(startOfDay(today)));
  });
}

const oldestDay = (now: number) => addDays(dayOf(now), 1 - SLO_HISTORY_DAYS - LEAD_DAYS);

/** Days are texts that sort by time. */
const earliest = (...days: readonly string[]) => days.toSorted()[0] ?? "";
const latest = (...days: readonly string[]) => days.toSorted().at(-1) ?? "";

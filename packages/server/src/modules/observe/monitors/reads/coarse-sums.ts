import { combine, keyOfSource, type PartSums, type Range, type RangeRead, readRanges } from "./read-ranges.ts";
import type { SumsStore } from "./sums-store.ts";
import type { WindowNeed, WindowRead } from "./window-need.ts";

/** The parts of a source by their start. */
type Stored = { horizonMs: number; readonly parts: Map<number, readonly PartSums[]> };
/** Windows of one source that are put together from the same parts. */
type Group = {
  readonly stored: Stored;
  readonly needs: WindowNeed[];
  readonly partMs: number;
};

/** Parts older than this are not read again. A span that is stored later is missing in windows that are longer than an hour. */
const LATE_MS = 600_000;
const MOST_STORED = 2_000;
const SIX_HOURS = 21_600;

/** A window begins at a multiple of its parts, so that it is up to 1/24 longer than requested. */
const partSeconds = (seconds: number): number => (seconds <= SIX_HOURS ? 300 : 3_600);
const floorTo = (time: number, step: number): number => Math.floor(time / step) * step;
const fromOf = ({ end, seconds }: WindowNeed, partMs: number): number => floorTo(end - seconds * 1_000, partMs);

/**
 * Long windows, put together from parts: each evaluation reads only the newest part, and each other part is read once. Sources with
 * the same parts share statements.
 */
export function createCoarseSums(store: SumsStore) {
  const stored = new Map<string, Stored>();

  return {
    async read(
      projectId: string,
      { needs, signal }: { readonly needs: readonly WindowNeed[]; readonly signal: AbortSignal },
    ): Promise<ReadonlyMap<WindowNeed, WindowRead>> {
      const groups = groupsOf(stored, projectId, needs);
      dropEarly(groups);
      const ranges = new Map(groups.map((group) => [group, missingOf(group)]));
      const read = await readRanges(store, projectId, { ranges: [...ranges.values()], signal });
      const results = new Map<WindowNeed, WindowRead>();
      for (const [group, range] of ranges)
        for (const [need, found] of finish(group, range, read.get(range) ?? { parts: [] })) results.set(need, found);
      return results;
    },
  };
}

type Store = Map<string, Stored>;

function storedOf(store: Store, key: string, horizonMs: number): Stored {
  const existing = store.get(key) ?? { horizonMs, parts: new Map() };
  existing.horizonMs = Math.max(existing.horizonMs, horizonMs);
  // The most recently used entry is last.
  store.delete(key);
  store.set(key, existing);
  for (const oldest of store.keys()) {
    if (store.size <= MOST_STORED) break;
    store.delete(oldest);
  }
  return existing;
}

/** Windows by what they are put together from. */
function groupsOf(store: Store, projectId: string, needs: readonly WindowNeed[]): Group[] {
  const groups = new Map<string, Group>();
  for (const need of needs) {
    const { source, meter, end, seconds } = need;
    const partMs = partSeconds(seconds) * 1_000;
    const columns = meter.columns.map(({ key }) => key);
    const key = JSON.stringify([projectId, keyOfSource(source), columns, meter.histogram, partMs]);
    const stored = storedOf(store, key, seconds * 1_000);
    const group = groups.get(`${key} ${end}`) ?? { stored, needs: [], partMs };
    group.needs.push(need);
    groups.set(`${key} ${end}`, group);
  }
  return [...groups.values()];
}

const endOf = ({ needs }: Group): number => needs[0]?.end ?? 0;
const closedOf = (group: Group): number => floorTo(endOf(group) - LATE_MS, group.partMs);

/** A clock that was ahead has read parts before they were complete. The latest window of the same parts tells the time. */
function dropEarly(groups: readonly Group[]): void {
  const latest = new Map<Stored, number>();
  for (const group of groups) latest.set(group.stored, Math.max(latest.get(group.stored) ?? 0, closedOf(group)));
  for (const [{ parts }, closed] of latest) for (const at of parts.keys()) if (at >= closed) parts.delete(at);
}

/** From the first part that is not stored to the end. */
function missingOf(group: Group): Range {
  const { stored, needs, partMs } = group;
  const [need] = needs as [WindowNeed];
  const from = Math.min(...needs.map((one) => fromOf(one, partMs)));
  let at = from;
  while (at < closedOf(group) && stored.parts.has(at)) at += partMs;
  return { source: need.source, meter: need.meter, from: at, to: need.end, bucketMs: partMs };
}

function finish(group: Group, range: Range, read: RangeRead): [WindowNeed, WindowRead][] {
  if ("error" in read) return group.needs.map((need) => [need, read]);
  const { stored, needs, partMs } = group;
  const closed = closedOf(group);
  const byPart = Map.groupBy(read.parts, ({ at }) => at);
  for (let at = range.from; at < closed; at += partMs) stored.parts.set(at, byPart.get(at) ?? []);
  for (const at of stored.parts.keys()) if (at < endOf(group) - stored.horizonMs - partMs) stored.parts.delete(at);
  return needs.map((need) => {
    const from = fromOf(need, partMs);
    const parts = [...stored.parts].filter(([at]) => at >= from && at < range.from).flatMap(([, own]) => own);
    const newest = read.parts.filter(({ at }) => at >= from);
    return [need, { series: combine([...parts, ...newest]) }];
  });
}

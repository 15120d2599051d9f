import { messageOf } from "../../../../kernel/message-of.ts";
import { addSums, type Meter, type Sums } from "./meters.ts";
import { isAlone, type SpanSource } from "./sums-sql.ts";
import type { SumsRow, SumsStore } from "./sums-store.ts";

/** A time range to read, in parts. Times are milliseconds since 1970. */
export type Range = {
  readonly source: SpanSource;
  readonly meter: Meter;
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
};
/** The sums of one part of one series. */
export type PartSums = { readonly at: number; readonly series: string; readonly sums: Sums };
/** What was read, or why it could not be. */
export type RangeRead = { readonly parts: readonly PartSums[] } | { readonly error: string };

/** Sources in one statement: more would make the statement longer than it is worth. */
const MOST_SOURCES = 12;

type Batch = { readonly ranges: Range[]; readonly sources: Map<string, SpanSource> };

export const keyOfSource = (source: SpanSource): string => JSON.stringify(source);

/**
 * Reads ranges with as few statements as possible: all with the same time range share one, whatever their filters, groups and
 * measures are. If a statement fails, its sources are read one by one, so that a bad one does not stop the others.
 */
export async function readRanges(
  store: SumsStore,
  projectId: string,
  { ranges, signal }: { readonly ranges: readonly Range[]; readonly signal: AbortSignal },
): Promise<ReadonlyMap<Range, RangeRead>> {
  const results = new Map<Range, RangeRead>();
  const pending = batchesOf(ranges);
  for (let batch = pending.shift(); batch !== undefined; batch = pending.shift()) {
    try {
      const rows = await store.read(projectId, queryOf(batch), signal);
      for (const [range, parts] of divide(rows, batch)) results.set(range, { parts });
    } catch (error) {
      signal.throwIfAborted();
      if (batch.sources.size > 1) pending.unshift(...splitBatch(batch));
      else for (const range of batch.ranges) results.set(range, { error: messageOf(error) });
    }
  }
  return results;
}

function queryOf({ ranges, sources }: Batch) {
  const [first] = ranges;
  const columns = new Map(ranges.flatMap(({ meter }) => meter.columns.map((column) => [column.key, column])));
  return {
    sources: [...sources.values()],
    columns: [...columns.values()],
    histograms: [...new Set(ranges.flatMap(({ meter }) => meter.histogram ?? []))],
    from: first?.from ?? 0,
    to: first?.to ?? 0,
    bucketMs: first?.bucketMs ?? 1,
  };
}

function divide(rows: readonly SumsRow[], { ranges, sources }: Batch): [Range, PartSums[]][] {
  const keys = [...sources.keys()];
  const bySource = Map.groupBy(rows, ({ source }) => keys[source] ?? "");
  return ranges.map((range) => {
    const own = bySource.get(keyOfSource(range.source)) ?? [];
    const { histogram } = range.meter;
    return [range, own.map(({ at, series, sumsOf }) => ({ at, series, sums: sumsOf(histogram) }))];
  });
}

const splitBatch = ({ ranges, sources }: Batch): Batch[] =>
  [...sources].map(([key, source]) => ({
    ranges: ranges.filter((range) => keyOfSource(range.source) === key),
    sources: new Map([[key, source]]),
  }));

function batchesOf(ranges: readonly Range[]): Batch[] {
  const batches: Batch[] = [];
  const open = new Map<string, Batch>();
  for (const range of ranges) {
    const { source, from, to, bucketMs } = range;
    const key = keyOfSource(source);
    const times = `${from} ${to} ${bucketMs}${isAlone(source) ? key : ""}`;
    let batch = open.get(times);
    if (batch === undefined || (!batch.sources.has(key) && batch.sources.size >= MOST_SOURCES)) {
      batch = { ranges: [], sources: new Map() };
      open.set(times, batch);
      batches.push(batch);
    }
    batch.ranges.push(range);
    batch.sources.set(key, source);
  }
  return batches;
}

/** The sums of each series over all parts. */
export function combine(parts: readonly PartSums[]): ReadonlyMap<string, Sums> {
  const bySeries = Map.groupBy(parts, ({ series }) => series);
  return new Map([...bySeries].map(([series, own]) => [series, addSums(own.map(({ sums }) => sums))]));
}

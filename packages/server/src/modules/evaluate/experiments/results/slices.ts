import type { RunScorer, RunSlice, RunSlices } from "@treadle/contract";
import { decideVerdict, holm, scoreInterval, scoreSpread, type Verdict } from "@treadle/metrics";
import { isRecord } from "../../../../kernel/is-record.ts";
import { wholeList } from "../../../../kernel/pages.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Statistics } from "../statistics/statistics-thread.ts";
import { createItemStore } from "../stores/item-store.ts";
import type { RunRow } from "../stores/run-store.ts";
import { type Terms, valuesOf } from "./compare-runs.ts";
import { type ByItem, isHigherBetter, marginOf, pairUp, testOf } from "./paired-values.ts";

type Deps = { readonly db: Postgres; readonly statistics: Statistics };
type Work = Terms & {
  readonly run: RunRow;
  readonly base: RunRow | null;
  readonly scorer: RunScorer;
  readonly field: string | undefined;
};
type Group = { readonly field: string; readonly value: string; readonly itemIds: ReadonlySet<string> };
type Measured = Omit<RunSlice, "adjustedPValue" | "verdict"> & { readonly isEquivalent: boolean };

const LEAST_ITEMS = 5;
/** A field with more values is an identifier, not a slice. */
const MOST_VALUES = 50;
const MOST_DEPTH = 3;

/** A score by the items' metadata, worst first. P-values are adjusted for all tested slices. */
export async function sliceRun({ db, statistics }: Deps, work: Work): Promise<RunSlices> {
  const { run, base, scorer, field, alpha, margin: share } = work;
  const values = await valuesOf(db, run, scorer);
  const groups = groupItems(await createItemStore(db).listMetadata(run.itemSetId ?? ""), values);
  const wanted = groups.filter((group) => field === undefined || group.field === field);
  const margin = marginOf(scorer, share, [...values.values()]);
  const terms = { scorer, margin, alpha };
  const measured = base
    ? await measurePairs(statistics, wanted, { ...terms, head: values, base: await valuesOf(db, base, scorer) })
    : await measureGroups(statistics, wanted, { ...terms, values });
  const adjusted = holm(measured.map(({ pValue }) => pValue));
  const sign = scorer.output.direction === "lower" ? -1 : 1;
  const items = measured
    .map(({ isEquivalent, ...slice }, at): RunSlice => {
      const adjustedPValue = adjusted[at] ?? null;
      return { ...slice, adjustedPValue, verdict: wordFor({ slice, adjustedPValue, isEquivalent }, terms) };
    })
    .sort((a, b) => (a.difference - b.difference) * sign || b.items - a.items);
  const fields = [...new Set(groups.map((group) => group.field))].sort();
  return {
    ...wholeList(items),
    scorer: scorer.key,
    fields,
    worst: items.find(({ verdict }) => verdict === "worse") ?? null,
  };
}

type SliceTerms = { readonly scorer: RunScorer; readonly margin: number; readonly alpha: number };
type Shown = {
  readonly slice: Pick<RunSlice, "difference" | "interval">;
  readonly adjustedPValue: number | null;
  readonly isEquivalent: boolean;
};

function wordFor({ slice, adjustedPValue, isEquivalent }: Shown, { scorer, margin, alpha }: SliceTerms): Verdict {
  if (isEquivalent) return "equivalent";
  const { difference, interval } = slice;
  const shown = { difference, interval: interval && ([interval.low, interval.high] as const), pValue: adjustedPValue };
  const higherIsBetter = isHigherBetter(scorer);
  return decideVerdict({ ...shown, equivalenceInterval: null }, { margin, alpha, higherIsBetter });
}

async function measurePairs(
  statistics: Statistics,
  groups: readonly Group[],
  { scorer, margin, alpha, base, head }: SliceTerms & { base: ByItem; head: ByItem },
): Promise<Measured[]> {
  const pairs = groups.map(({ itemIds }) => pairUp(base, head, (itemId) => itemIds.has(itemId)));
  const orders = pairs.map((pair) => ({ ...testOf(scorer, pair), margin, alpha }));
  const compared = await statistics.ask("compare", orders);
  return groups.flatMap(({ field, value }, at): Measured[] => {
    const slice = compared[at];
    if (!slice || slice.meanBase === null || slice.meanHead === null || slice.difference === null) return [];
    const { n: items, meanHead: mean, meanBase: reference, difference, interval, pValue, verdict } = slice;
    return [
      {
        field,
        value,
        items,
        mean,
        reference,
        difference,
        pValue,
        meanInterval: meanIntervalOf(pairs[at]?.head ?? [], { scorer, alpha }),
        interval: interval && { low: interval[0], high: interval[1], level: 1 - alpha },
        isEquivalent: verdict === "equivalent",
      },
    ];
  });
}

async function measureGroups(
  statistics: Statistics,
  groups: readonly Group[],
  { scorer, values, alpha }: SliceTerms & { values: ByItem },
): Promise<Measured[]> {
  const sides = groups.map(({ itemIds }) => {
    const [inside, outside]: [number[], number[]] = [[], []];
    for (const [itemId, value] of values) (itemIds.has(itemId) ? inside : outside).push(value);
    return { inside, outside, alpha, range: { min: scorer.output.min, max: scorer.output.max } };
  });
  const found = await statistics.ask("groups", sides);
  return groups.flatMap(({ field, value }, at): Measured[] => {
    const side = sides[at];
    if (!side || side.outside.length === 0) return [];
    const [mean, reference] = [meanOf(side.inside), meanOf(side.outside)];
    const { interval = null, pValue = null } = found[at] ?? {};
    return [
      {
        field,
        value,
        items: side.inside.length,
        mean,
        reference,
        difference: mean - reference,
        pValue,
        meanInterval: meanIntervalOf(side.inside, { scorer, alpha }),
        interval: interval && { low: interval[0], high: interval[1], level: 1 - alpha },
        isEquivalent: false,
      },
    ];
  });
}

function meanIntervalOf(values: readonly number[], { scorer, alpha }: Pick<SliceTerms, "scorer" | "alpha">) {
  const spread = scoreSpread(values.map((value) => [value]));
  const interval = spread && scoreInterval(spread, { alpha, range: scorer.output });
  return interval && { low: interval[0], high: interval[1], level: 1 - alpha };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

type Described = { readonly itemId: string; readonly metadata: Record<string, unknown>; readonly split: string | null };

/** Every value of a field that enough of the scored items share. */
function groupItems(items: readonly Described[], values: ByItem): Group[] {
  const fields = new Map<string, Map<string, Set<string>>>();
  for (const { itemId, metadata, split } of items) {
    if (!values.has(itemId)) continue;
    const named = split === null ? [] : [["split", split] as const];
    for (const [field, value] of [...named, ...leavesOf(metadata)]) {
      const groups = fields.get(field) ?? new Map<string, Set<string>>();
      fields.set(field, groups.set(value, (groups.get(value) ?? new Set()).add(itemId)));
    }
  }
  return [...fields].flatMap(([field, groups]) =>
    groups.size > MOST_VALUES
      ? []
      : [...groups].flatMap(([value, itemIds]) => (itemIds.size < LEAST_ITEMS ? [] : [{ field, value, itemIds }])),
  );
}

function leavesOf(value: unknown, path: readonly string[] = []): (readonly [field: string, value: string])[] {
  if (isRecord(value))
    return path.length === MOST_DEPTH
      ? []
      : Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]));
  if (value === null || value === undefined || path.length === 0) return [];
  return [[path.join("."), typeof value === "string" ? value : JSON.stringify(value)]];
}

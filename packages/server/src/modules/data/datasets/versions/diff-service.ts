import type { ChangeCounts, DiffItem } from "@treadle/contract";
import { fromCursor, toCursor } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type Differ, type Difference, diffFields } from "../chunks/diff-manifests.ts";
import type { Manifest } from "../chunks/manifest.ts";
import type { Places } from "../drafts/resolve-ref.ts";
import type { ItemFinder } from "../rows/locate-items.ts";

type Deps = { readonly places: Places; readonly finder: ItemFinder; readonly diff: Differ };
type Query = {
  readonly from: string;
  readonly to: string;
  readonly kind?: DiffItem["kind"] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
};
type Sides = { readonly from: Manifest; readonly to: Manifest };

const kindOf = ({ from, to }: Difference): DiffItem["kind"] =>
  from === null ? "added" : to === null ? "removed" : "changed";
const positionsOf = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

/** Gives the items behind differences. */
export async function openDifferences(
  finder: ItemFinder,
  sides: Sides,
  entries: readonly Difference[],
): Promise<DiffItem[]> {
  const before = await finder.readPositions(sides.from, positionsOf(entries.map(({ from }) => from)));
  const after = await finder.readPositions(sides.to, positionsOf(entries.map(({ to }) => to)));
  const itemAt = (rows: typeof before, position: number | null) =>
    rows.find((row) => row.position === position)?.item ?? null;
  return entries.map((entry) => {
    const [old, now] = [itemAt(before, entry.from), itemAt(after, entry.to)];
    return {
      kind: kindOf(entry),
      itemId: entry.itemId,
      before: old,
      after: now,
      fields: old && now ? diffFields(old, now) : [],
    };
  });
}

/** The differences between any two versions or drafts, in pages. */
export const createDiffs =
  ({ places, finder, diff }: Deps) =>
  async (
    scope: Scope,
    datasetId: string,
    query: Query,
  ): Promise<{ items: DiffItem[]; nextCursor: string | null; counts: ChangeCounts }> => {
    const { manifest: from } = await places.open(scope, { datasetId, at: query.from });
    const { manifest: to } = await places.open(scope, { datasetId, at: query.to });
    const { entries, counts } = await diff(from, to);
    const wanted = query.kind === undefined ? entries : entries.filter((entry) => kindOf(entry) === query.kind);
    const start = query.cursor === undefined ? 0 : Math.max(0, Number(fromCursor(query.cursor, 1)[0]) || 0);
    const page = wanted.slice(start, start + query.limit);
    const end = start + page.length;
    const items = await openDifferences(finder, { from, to }, page);
    return { items, counts, nextCursor: end < wanted.length ? toCursor([end]) : null };
  };

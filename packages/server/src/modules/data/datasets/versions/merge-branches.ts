import type { ChangeCounts, Item, MergeConflict } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Differ, Difference } from "../chunks/diff-manifests.ts";
import type { Rewrite } from "../chunks/item-streams.ts";
import type { Manifest } from "../chunks/manifest.ts";
import type { ItemFinder } from "../rows/locate-items.ts";

export type Sides = { readonly base: Manifest; readonly ours: Manifest; readonly theirs: Manifest };
type Side = "ours" | "theirs";
/** An item that both sides changed, each in its own way. */
type Clash = { readonly ours: Difference; readonly theirs: Difference };
export type MergePlan = {
  /** Changes of only the other side. */
  readonly taken: readonly Difference[];
  readonly clashes: readonly Clash[];
};

/** The result of a three-way merge by item. An equal change on both sides is not a conflict. */
export async function planMerge(diff: Differ, { base, ours, theirs }: Sides): Promise<MergePlan> {
  const [own, other] = [await diff(base, ours), await diff(base, theirs)];
  const ownById = new Map(own.entries.map((entry) => [entry.itemId, entry]));
  const conflicts: Difference[] = [];
  const clashes: Clash[] = [];
  for (const entry of other.entries) {
    const mine = ownById.get(entry.itemId);
    if (!mine) conflicts.push(entry);
    else if (mine.rowHash !== entry.rowHash) clashes.push({ ours: mine, theirs: entry });
  }
  return { taken: conflicts, clashes };
}

export function countTaken(taken: readonly Difference[]): ChangeCounts {
  const counts = { added: 0, removed: 0, changed: 0 };
  for (const { from, to } of taken) counts[from === null ? "added" : to === null ? "removed" : "changed"] += 1;
  return counts;
}

const BATCH = 1_000;
const isNumber = (value: number | null): value is number => value !== null;

/** The clashes with the item as each side has it. */
export async function openClashes(
  finder: ItemFinder,
  { base, ours, theirs }: Sides,
  clashes: readonly Clash[],
): Promise<MergeConflict[]> {
  const read = async (manifest: Manifest, positions: readonly (number | null)[]) =>
    new Map((await finder.readPositions(manifest, positions.filter(isNumber))).map(({ item }) => [item.itemId, item]));
  const [before, own, other] = [
    await read(
      base,
      clashes.map(({ ours: mine }) => mine.from),
    ),
    await read(
      ours,
      clashes.map(({ ours: mine }) => mine.to),
    ),
    await read(
      theirs,
      clashes.map(({ theirs: his }) => his.to),
    ),
  ];
  return clashes.map(({ ours: { itemId } }) => ({
    itemId,
    base: before.get(itemId) ?? null,
    ours: own.get(itemId) ?? null,
    theirs: other.get(itemId) ?? null,
  }));
}

/** The changes from our items to the merged ones. Only chunks with a changed item are written. */
export async function planRewrite(
  scope: Scope,
  finder: ItemFinder,
  { sides, plan, sideOf }: { sides: Sides; plan: MergePlan; sideOf: (itemId: string) => Side },
): Promise<Rewrite> {
  const chosen = plan.clashes.filter(({ theirs }) => sideOf(theirs.itemId) === "theirs").map(({ theirs }) => theirs);
  const entries = [...plan.taken, ...chosen];
  const removed = new Set(entries.filter(({ to }) => to === null).map(({ itemId }) => itemId));
  const incoming = new Map(entries.flatMap(({ itemId, to }) => (to === null ? [] : [[itemId, to] as const])));
  const there = await finder.locate(scope, sides.ours, new Set(entries.map(({ itemId }) => itemId)));
  const replaced = new Map<string, Item>();
  const positions = [...incoming].filter(([itemId]) => there.has(itemId)).map(([, to]) => to);
  for (const { item } of await finder.readPositions(sides.theirs, positions)) replaced.set(item.itemId, item);
  const added = [...incoming].filter(([itemId]) => !there.has(itemId)).map(([, to]) => to);
  return {
    chunks: new Set([...there.values()].map(({ chunk }) => chunk)),
    edit: (item) => (removed.has(item.itemId) ? null : (replaced.get(item.itemId) ?? item)),
    ...(added.length > 0 && { append: readInBatches(finder, sides.theirs, added) }),
  };
}

async function* readInBatches(finder: ItemFinder, manifest: Manifest, positions: readonly number[]) {
  for (let at = 0; at < positions.length; at += BATCH)
    for (const { item } of await finder.readPositions(manifest, positions.slice(at, at + BATCH))) yield item;
}

/** The most conflicts that a preview shows. */
export const MOST_CONFLICTS = 200;

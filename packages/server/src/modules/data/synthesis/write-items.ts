import type { Item } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import { findNearDuplicates } from "../curation/index.ts";
import { createRowEncoder, type Manifest } from "../datasets/index.ts";
import type { KeptItem } from "./kept-item.ts";
import type { Lost, Recipe } from "./recipes/recipe.ts";
import { keyOf } from "./run-try.ts";
import type { SourceDatasets } from "./source-datasets.ts";

type Writing = {
  readonly scope: Scope;
  readonly manifest: Manifest;
  readonly kept: readonly KeptItem[];
  readonly recipe: Recipe;
  readonly nearDuplicates: boolean;
  readonly signal: AbortSignal;
};
export type Written = {
  readonly manifest: Manifest;
  readonly added: number;
  readonly changed: number;
  readonly lost: readonly Lost[];
};

const asItem = ({ draft }: KeptItem, place: number): Item => ({ itemId: `new-${place}`, ...draft });

/** A manifest with what was made in it: answers in their items, new items at the end, without what is there by now. */
export async function writeItems(datasets: SourceDatasets, writing: Writing): Promise<Written> {
  const { scope, manifest, kept, recipe, signal } = writing;
  const fills = new Map(kept.flatMap((one) => (one.fills === null ? [] : [[one.fills, one]])));
  const fresh = kept.filter((one) => one.fills === null);
  const near = await findNear(datasets, writing, fresh);
  const counts = { added: 0, changed: 0 };
  const lost: Lost[] = [...near].map((place) => ({
    loss: "near-duplicate",
    text: JSON.stringify(fresh[place]?.draft.inputs),
  }));

  async function* all(): AsyncGenerator<Item> {
    const encoder = createRowEncoder();
    const keys = new Set<string>();
    for await (const item of datasets.readItems(scope, manifest, { signal })) {
      encoder.take(item.itemId);
      keys.add(keyOf(item, recipe));
      const fill = fills.get(item.itemId);
      if (fill && item.expected === null) {
        counts.changed += 1;
        yield filled(item, fill);
      } else yield item;
    }
    for (const [place, { draft }] of fresh.entries()) {
      if (near.has(place)) continue;
      const key = keyOf(draft, recipe);
      if (keys.has(key)) {
        lost.push({ loss: "duplicate", text: JSON.stringify(draft.inputs) });
        continue;
      }
      keys.add(key);
      const row = encoder.encode(draft);
      if (row) counts.added += 1;
      if (row) yield row.item;
    }
  }
  const written = await datasets.writeItems(scope, all(), { signal });
  return { manifest: written, ...counts, lost };
}

const filled = (item: Item, { draft }: KeptItem): Item => ({
  ...item,
  expected: draft.expected,
  metadata: { ...item.metadata, ...draft.metadata },
  source: { ...item.source, ...draft.source },
});

/** The indexes of new items that are nearly equal to an existing item or an earlier new item. */
async function findNear(datasets: SourceDatasets, writing: Writing, fresh: readonly KeptItem[]): Promise<Set<number>> {
  const { scope, manifest, recipe, nearDuplicates, signal } = writing;
  if (!nearDuplicates || recipe.distinct !== "prompt" || fresh.length === 0) return new Set();
  async function* read(): AsyncGenerator<Item> {
    yield* datasets.readItems(scope, manifest, { signal });
    yield* fresh.map(asItem);
  }
  const isNew = ({ source, itemId }: Item) => source.kind === "synthetic" && itemId.startsWith("new-");
  const duplicates = await findNearDuplicates(
    { read, rows: manifest.rows + fresh.length, signal, progress: () => undefined },
    { of: "prompt", worthOf: (item) => (isNew(item) ? 0 : 1) },
  );
  return new Set(fresh.keys().filter((place) => (duplicates.keptRows[manifest.rows + place] ?? -1) >= 0));
}

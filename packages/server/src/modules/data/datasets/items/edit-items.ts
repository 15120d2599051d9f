import type { ChangeAnswer, Item, ItemInput } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createRowEncoder } from "../chunks/item-hash.ts";
import type { ItemStreams } from "../chunks/item-streams.ts";
import type { Manifest } from "../chunks/manifest.ts";
import type { Drafts, On } from "../drafts/drafts-service.ts";
import type { StepInput } from "../drafts/push-step.ts";
import type { ItemFinder } from "../rows/locate-items.ts";
import { createDatasetStore } from "../stores/store.ts";
import { breaksSchema, createItemCheck } from "./check-schema.ts";

type Deps = {
  readonly db: Postgres;
  readonly drafts: Drafts;
  readonly streams: ItemStreams;
  readonly finder: ItemFinder;
};

const itemsIn = (count: number) => (count === 1 ? "1 item" : `${count} items`);

/** Changes of a draft's items, each a step that can be undone. */
export function createItemEdits({ db, drafts, streams, finder }: Deps) {
  async function checkAll(scope: Scope, datasetId: string, items: readonly Item[]): Promise<void> {
    const dataset = await createDatasetStore(db).find(scope.projectId, datasetId);
    if (!dataset) throw notFound("dataset", datasetId);
    const check = createItemCheck(dataset.schema);
    for (const item of items) {
      const problem = check(item);
      if (problem) throw breaksSchema(item, problem);
    }
  }

  /** A manifest with these items: items with existing ids are replaced, the others are added at the end. */
  async function putItems(scope: Scope, manifest: Manifest, items: readonly Item[]) {
    const byId = new Map(items.map((item) => [item.itemId, item]));
    const there = await finder.locate(scope, manifest, new Set(byId.keys()));
    const append = items.filter(({ itemId }) => !there.has(itemId));
    return streams.rewriteItems(scope, manifest, {
      chunks: new Set([...there.values()].map(({ chunk }) => chunk)),
      edit: (item) => byId.get(item.itemId) ?? item,
      ...(append.length > 0 && { append }),
    });
  }

  /** Adds items, or replaces items with the same ids. */
  async function add(
    scope: Scope,
    on: On,
    inputs: readonly ItemInput[],
  ): Promise<ChangeAnswer & { itemIds: string[] }> {
    const items = nameItems(inputs);
    await checkAll(scope, on.datasetId, items);
    const answer = await drafts.change(scope, on, async (head) => {
      const { manifest, counts } = await putItems(scope, head.manifest, items);
      if (manifest.root === head.manifest.root) return null;
      const summary = `Added ${itemsIn(counts.added)}${counts.changed > 0 ? `, replaced ${counts.changed}` : ""}`;
      return { manifest, step: { kind: "add", summary, counts, recipe: null } };
    });
    return { ...answer, itemIds: items.map(({ itemId }) => itemId) };
  }

  /** The same with a step of the caller's. */
  async function addItems(
    scope: Scope,
    on: On,
    { items, step }: { items: readonly Item[]; step: Omit<StepInput, "counts"> },
  ): Promise<ChangeAnswer> {
    await checkAll(scope, on.datasetId, items);
    return drafts.change(scope, on, async (head) => {
      const { manifest, counts } = await putItems(scope, head.manifest, items);
      return manifest.root === head.manifest.root ? null : { manifest, step: { ...step, counts } };
    });
  }

  async function replace(
    scope: Scope,
    on: On,
    { itemId, item, rowHash }: { itemId: string; item: Omit<ItemInput, "itemId">; rowHash?: string | undefined },
  ): Promise<ChangeAnswer> {
    const next: Item = { itemId, ...item };
    await checkAll(scope, on.datasetId, [next]);
    return drafts.change(scope, on, async (head) => {
      const row = (await finder.locate(scope, head.manifest, new Set([itemId]))).get(itemId);
      if (!row) throw notFound("item", itemId);
      if (rowHash !== undefined && rowHash !== row.rowHash) throw changedMeanwhile(itemId);
      const { manifest, counts } = await putItems(scope, head.manifest, [next]);
      if (manifest.root === head.manifest.root) return null;
      return { manifest, step: { kind: "edit", summary: `Edited ${itemId}`, counts, recipe: null } };
    });
  }

  return { add, addItems, replace };
}
export type ItemEdits = ReturnType<typeof createItemEdits>;

/** With an id for each; the same id twice is refused. */
function nameItems(inputs: readonly ItemInput[]): Item[] {
  const encoder = createRowEncoder();
  return inputs.map((input, at) => {
    const row = encoder.encode(input);
    if (row) return row.item;
    throw new AppError("invalid_request", {
      message: `\`items.${at}.itemId\`: "${input.itemId}" appears twice in this request. Give each item a unique id.`,
      details: { field: `items.${at}.itemId` },
    });
  });
}

const changedMeanwhile = (itemId: string) =>
  new AppError("conflict", {
    message: `The item "${itemId}" was changed after you loaded it. Reload it, then repeat your change.`,
    details: { itemId },
  });

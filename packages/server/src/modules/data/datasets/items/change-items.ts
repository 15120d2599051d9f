import type { BulkChange, ChangeAnswer, Item, ItemSelection } from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { ItemStreams } from "../chunks/item-streams.ts";
import type { Manifest } from "../chunks/manifest.ts";
import type { Drafts, On } from "../drafts/drafts-service.ts";
import type { Indexing } from "../rows/index-rows.ts";
import type { ItemFinder } from "../rows/locate-items.ts";
import { createDatasetStore } from "../stores/store.ts";
import { applyChange, describeChange } from "./apply-change.ts";
import { breaksSchema, createItemCheck } from "./check-schema.ts";

type Deps = {
  readonly db: Postgres;
  readonly drafts: Drafts;
  readonly streams: ItemStreams;
  readonly finder: ItemFinder;
  readonly indexing: Indexing;
};
const itemsIn = (count: number) => (count === 1 ? "1 item" : `${count} items`);

/** Changes of many items of a draft at once, each a step that can be undone. */
export function createItemChanges({ db, drafts, streams, finder, indexing }: Deps) {
  /** The chunks in which a selection lies, and whether an item belongs to it. */
  async function choose(scope: Scope, manifest: Manifest, select: ItemSelection) {
    if ("itemIds" in select) {
      const ids = new Set(select.itemIds);
      const places = await finder.locate(scope, manifest, ids);
      return { ids, chunks: new Set([...places.values()].map(({ chunk }) => chunk)) };
    }
    if (select.filter.trim() === "") return { ids: null, chunks: undefined };
    await indexing.finish(scope, manifest);
    return indexing.rows.findChunks({ projectId: scope.projectId, manifest }, select.filter);
  }

  async function changeMany(
    scope: Scope,
    on: On,
    { select, change }: { select: ItemSelection; change: BulkChange },
  ): Promise<ChangeAnswer> {
    const dataset = await createDatasetStore(db).find(scope.projectId, on.datasetId);
    if (!dataset) throw notFound("dataset", on.datasetId);
    const check = createItemCheck(dataset.schema);
    const edit = (item: Item): Item | null => {
      const after = applyChange(item, change);
      const problem = after && after !== item ? check(after) : null;
      if (problem) throw breaksSchema(item, problem);
      return after;
    };
    return drafts.change(scope, on, async (head) => {
      const { ids, chunks } = await choose(scope, head.manifest, select);
      const { manifest, counts } = await streams.rewriteItems(scope, head.manifest, {
        ...(chunks && { chunks }),
        edit: (item) => (ids === null || ids.has(item.itemId) ? edit(item) : item),
      });
      if (manifest.root === head.manifest.root) return null;
      const kind = change.kind === "delete" ? ("delete" as const) : ("bulk-edit" as const);
      const recipe = "filter" in select ? { select, change } : null;
      const summary = describeChange(change, itemsIn(change.kind === "delete" ? counts.removed : counts.changed));
      return { manifest, step: { kind, summary, counts, recipe } };
    });
  }
  return changeMany;
}
export type ItemChanges = ReturnType<typeof createItemChanges>;

import type { ChangeCounts, Item } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { ItemStreams } from "../chunks/item-streams.ts";
import type { Manifest } from "../chunks/manifest.ts";

type Deps = { readonly streams: Pick<ItemStreams, "readItems" | "rewriteItems"> };
type Upsert = {
  readonly before: Manifest;
  /** The items of the file, each id once. */
  readonly file: Manifest;
  readonly signal: AbortSignal;
};

/** Items of the file in memory at a time. */
const MOST_ITEMS = 50_000;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Merges the items of a file into the existing items: items with the same id are replaced, the others are added at the
 * end in their order. The existing items are read once for each part of the file that fits into memory.
 */
export async function upsertItems(
  { streams }: Deps,
  scope: Scope,
  { before, file, signal }: Upsert,
): Promise<{ manifest: Manifest; counts: ChangeCounts }> {
  let manifest = before;
  const counts = { added: 0, removed: 0, changed: 0 };
  for await (const part of partsOf(streams.readItems(scope, file, { signal }), file)) {
    const after = await streams.rewriteItems(scope, manifest, {
      edit: (item) => takeFrom(part, item.itemId) ?? item,
      append: part.values(),
      signal,
    });
    manifest = after.manifest;
    counts.added += after.counts.added;
    counts.changed += after.counts.changed;
  }
  return { manifest, counts };
}

/** Items left in the part at the end did not exist. */
function takeFrom(part: Map<string, Item>, itemId: string): Item | undefined {
  const item = part.get(itemId);
  if (item) part.delete(itemId);
  return item;
}

async function* partsOf(items: AsyncIterable<Item>, { rows, chunks }: Manifest): AsyncGenerator<Map<string, Item>> {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const most = Math.max(1, Math.min(MOST_ITEMS, Math.floor(MOST_BYTES / Math.max(1, bytes / Math.max(1, rows)))));
  let part = new Map<string, Item>();
  for await (const item of items) {
    part.set(item.itemId, item);
    if (part.size < most) continue;
    yield part;
    part = new Map();
  }
  if (part.size > 0) yield part;
}

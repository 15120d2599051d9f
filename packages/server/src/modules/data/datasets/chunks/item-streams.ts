import { setImmediate } from "node:timers/promises";
import type { ChangeCounts, Item } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import { readChunkRows } from "./chunk-files.ts";
import { encodeItem } from "./item-hash.ts";
import type { Manifest, ManifestChunk } from "./manifest.ts";
import { createManifestWriter, type WriterDeps } from "./manifest-writer.ts";

export type StreamOptions = {
  readonly signal?: AbortSignal;
  /** Hears how many rows are done, about every thousand. */
  readonly onRows?: (rows: number) => void;
};

type Items = Iterable<Item> | AsyncIterable<Item>;

export type Rewrite = StreamOptions & {
  /** The indexes of the chunks to which `edit` applies. All by default. The others are unchanged. */
  readonly chunks?: ReadonlySet<number>;
  /** The same item to leave it, another one to replace it, null to remove it. */
  readonly edit?: (item: Item) => Item | null;
  /** New items at the end. Their ids must differ from the ids of remaining items. */
  readonly append?: Items;
};

const EVERY = 1_024;

/** Reading and writing all items of a version or a draft, never more than a few chunks of them in memory. */
export function createItemStreams(deps: WriterDeps) {
  const { objects } = deps;

  async function* readRows(manifest: Manifest, { signal }: StreamOptions = {}) {
    // The next chunk is read while this one is worked on.
    let next = manifest.chunks[0] && readChunkRows(objects, manifest.chunks[0].object);
    for (let at = 0; at < manifest.chunks.length; at++) {
      signal?.throwIfAborted();
      const rows = await next;
      const following = manifest.chunks[at + 1];
      next = following && readChunkRows(objects, following.object);
      next?.catch(() => {});
      yield* rows ?? [];
      await setImmediate();
    }
  }

  return {
    readRows,
    /** All items in their order. */
    async *readItems(_scope: Scope, manifest: Manifest, options: StreamOptions = {}): AsyncGenerator<Item, void, void> {
      for await (const { item } of readRows(manifest, options)) yield item;
    },

    /** Stores items as a new manifest. Throws `invalid_request` for an id that comes twice, or an item that is too large. */
    writeItems: (scope: Scope, items: Items, options: StreamOptions = {}): Promise<Manifest> =>
      writeItems(createManifestWriter(deps, scope.projectId), items, options),
    /** The same from chunks that stay as they are and what is written behind them. */
    async writeBehind(
      scope: Scope,
      kept: readonly ManifestChunk[],
      write: (writer: BlockWriter) => Promise<unknown>,
    ): Promise<Manifest> {
      const writer = createManifestWriter(deps, scope.projectId);
      for (const chunk of kept) writer.keep(chunk);
      await write(writer);
      return writer.finish();
    },
    /** A new manifest from an old one; only chunks in which something changes are read and written. */
    async rewriteItems(
      scope: Scope,
      manifest: Manifest,
      change: Rewrite,
    ): Promise<{ manifest: Manifest; counts: ChangeCounts }> {
      const { chunks, edit = (item: Item) => item, append, signal, onRows } = change;
      const writer = createManifestWriter(deps, scope.projectId);
      const counts = { added: 0, removed: 0, changed: 0 };
      let rows = 0;
      for (const [place, chunk] of manifest.chunks.entries()) {
        signal?.throwIfAborted();
        const isEdited = chunks === undefined ? change.edit !== undefined : chunks.has(place);
        // The last chunk ended only because there was no more.
        const isKept = !isEdited && writer.isAtBoundary && !(append && place === manifest.chunks.length - 1);
        rows += chunk.rows;
        onRows?.(rows);
        if (isKept) {
          writer.keep(chunk);
          continue;
        }
        for (const row of await readChunkRows(objects, chunk.object)) {
          const after = isEdited ? edit(row.item) : row.item;
          if (after === null) counts.removed += 1;
          if (after === null) continue;
          const encoded = after === row.item ? row : encodeItem(after);
          if (encoded.rowHash !== row.rowHash) counts.changed += 1;
          const wait = writer.addRow(encoded);
          if (wait) await wait;
        }
      }
      for await (const item of append ?? []) {
        counts.added += 1;
        const wait = writer.add(item);
        if (wait) await wait;
      }
      return { manifest: await writer.finish(), counts };
    },
  };
}
export type ItemStreams = ReturnType<typeof createItemStreams>;

type Writer = ReturnType<typeof createManifestWriter>;
/** Accepts encoded rows. */
export type BlockWriter = Pick<Writer, "addBlock" | "addRow">;

async function writeItems(writer: Writer, items: Items, { signal, onRows }: StreamOptions): Promise<Manifest> {
  let rows = 0;
  for await (const item of items) {
    const wait = writer.add(item);
    if (wait) await wait;
    if (++rows % EVERY > 0) continue;
    signal?.throwIfAborted();
    onRows?.(rows);
  }
  return writer.finish();
}

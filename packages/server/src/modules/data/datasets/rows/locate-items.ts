import type { Scope } from "../../../../kernel/scope.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import { readChunkLines, readChunkRows } from "../chunks/chunk-files.ts";
import { decodeLine, type EncodedRow } from "../chunks/item-hash.ts";
import type { Manifest } from "../chunks/manifest.ts";
import type { Indexing } from "./index-rows.ts";

/** A row and where it lies: the chunk's place in the manifest, and the row's among all rows. */
export type PlacedRow = EncodedRow & { readonly chunk: number; readonly position: number };

/** The position of the first row of each chunk. */
function startsOf({ chunks }: Manifest): number[] {
  let start = 0;
  return chunks.map(({ rows }) => {
    start += rows;
    return start - rows;
  });
}

/** The chunk that contains a position: the last chunk that starts at or before it. */
function chunkAt(starts: readonly number[], position: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Finds single rows of a manifest without reading the others' chunks. */
export function createItemFinder({
  objects,
  indexing,
}: {
  objects: Objects;
  indexing: Pick<Indexing, "rows" | "catchUp">;
}) {
  /** The rows at these positions, in the requested order. */
  async function readPositions(manifest: Manifest, positions: readonly number[]): Promise<PlacedRow[]> {
    const starts = startsOf(manifest);
    const byChunk = new Map<number, number[]>();
    for (const position of positions) {
      const chunk = chunkAt(starts, position);
      byChunk.set(chunk, [...(byChunk.get(chunk) ?? []), position]);
    }
    const rowsByPlace = new Map<number, PlacedRow>();
    for (const [chunk, wanted] of byChunk) {
      const lines = await readChunkLines(objects, manifest.chunks[chunk]?.object ?? "");
      for (const position of wanted) {
        const line = lines[position - (starts[chunk] ?? 0)];
        if (line !== undefined) rowsByPlace.set(position, { ...decodeLine(line), chunk, position });
      }
    }
    return positions.flatMap((position) => rowsByPlace.get(position) ?? []);
  }

  /** The rows with these ids, by id. What the index does not know yet is read through. */
  async function locate(scope: Scope, manifest: Manifest, ids: ReadonlySet<string>): Promise<Map<string, PlacedRow>> {
    const late = await indexing.catchUp(scope, manifest);
    const starts = startsOf(manifest);
    const rowsById = new Map<string, PlacedRow>();
    const known = await indexing.rows.locate(scope.projectId, [...ids]);
    const places = new Map(manifest.chunks.map(({ object }, chunk) => [object, chunk]));
    const positions = known.flatMap(({ object, row }) => {
      const chunk = places.get(object);
      return chunk === undefined ? [] : [(starts[chunk] ?? 0) + row];
    });
    for (const row of await readPositions(manifest, positions))
      if (ids.has(row.item.itemId)) rowsById.set(row.item.itemId, row);
    for (const [chunk, { object }] of manifest.chunks.entries()) {
      if (!late.has(object) || rowsById.size === ids.size) continue;
      for (const [at, row] of (await readChunkRows(objects, object)).entries())
        if (ids.has(row.item.itemId))
          rowsById.set(row.item.itemId, { ...row, chunk, position: (starts[chunk] ?? 0) + at });
    }
    return rowsById;
  }
  return { readPositions, locate };
}
export type ItemFinder = ReturnType<typeof createItemFinder>;

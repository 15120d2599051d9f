import { hash } from "node:crypto";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Content } from "../files/row.ts";
import type { FilePart } from "./file-store.ts";

/**
 * Every part begins with bytes that name its file and its place. So no other object of the store is the same one, and a part
 * can be deleted without asking who else holds it.
 */
const MARK_BYTES = 32;
const markOf = (fileId: string, part: number) => hash("sha256", `${fileId} ${part}`, "buffer");

/** Stores a part of a file. */
export async function putPart(
  objects: Pick<Objects, "put">,
  { fileId, part, bytes }: { fileId: string; part: number; bytes: Uint8Array },
): Promise<FilePart> {
  const { sha256 } = await objects.put(Buffer.concat([markOf(fileId, part), bytes]));
  return { fileId, part, object: sha256, sizeBytes: bytes.length };
}

/** The parts of a file as one. */
export function joinParts(objects: Pick<Objects, "get" | "lend">, parts: readonly FilePart[]): Content {
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  return {
    sizeBytes,
    async *read({ start, end } = { start: 0, end: sizeBytes }) {
      let before = 0;
      for (const { object, sizeBytes: size } of parts) {
        const [from, to] = [Math.max(start - before, 0), Math.min(end - before, size)];
        before += size;
        if (from >= to) continue;
        yield* await objects.get(object, { start: from + MARK_BYTES, end: to + MARK_BYTES });
      }
    },
    async *lend() {
      for (const { object, sizeBytes: size } of parts)
        yield* objects.lend(object, { start: MARK_BYTES, end: size + MARK_BYTES });
    },
  };
}

/** Bytes in pieces of one size, of which the last may be smaller. */
export async function* cutParts(source: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Buffer, void> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of source) {
    pieces.push(piece);
    size += piece.byteLength;
    if (size < partBytes) continue;
    const all = Buffer.concat(pieces);
    let at = 0;
    for (; size - at >= partBytes; at += partBytes) yield all.subarray(at, at + partBytes);
    pieces = [all.subarray(at)];
    size -= at;
  }
  if (size > 0) yield Buffer.concat(pieces);
}

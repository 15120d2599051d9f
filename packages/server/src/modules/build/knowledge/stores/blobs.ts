import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { Objects } from "../../../../platform/objects/port.ts";

/** The bytes of the first line: the base that a blob belongs to. */
const HEADER_BYTES = 64;

/**
 * Objects of a knowledge base. Each begins with a line that names the base. So equal bytes of two bases are two objects, and to delete
 * one needs no look at the other.
 */
export const createBlobs = (objects: Pick<Objects, "put" | "get" | "has" | "place" | "delete">) => ({
  /** Stores bytes, and gives the hash of the object and the SHA-256 of the bytes alone. */
  async put(baseId: string, bytes: Uint8Array): Promise<{ object: string; contentHash: string }> {
    const { sha256 } = await objects.put(Buffer.concat([headerOf(baseId), bytes]));
    return { object: sha256, contentHash: sha256Of(bytes) };
  },
  /**
   * Stores bytes again if a deletion of equal bytes has removed them since. In the transaction that names the object, with the base
   * locked, this makes sure that it is there.
   */
  async keep(baseId: string, object: string, bytes: Uint8Array): Promise<void> {
    if (!(await objects.has(object))) await objects.put(Buffer.concat([headerOf(baseId), bytes]));
  },
  /** All bytes, or a range with an exclusive end. Throws `not_found`. */
  async get(object: string, range?: { readonly start: number; readonly end: number }): Promise<Buffer> {
    const shifted = range && { start: range.start + HEADER_BYTES, end: range.end + HEADER_BYTES };
    const bytes = await buffer(await objects.get(object, shifted));
    return shifted ? bytes : bytes.subarray(HEADER_BYTES);
  },
  /** Links the object to a path. Its bytes begin at `HEADER_BYTES`. */
  place: (object: string, path: string) => objects.place(object, path),
  delete: (object: string) => objects.delete(object),
});
export type Blobs = ReturnType<typeof createBlobs>;
export { HEADER_BYTES as BLOB_HEADER_BYTES };

export const sha256Of = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

function headerOf(baseId: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES, " ");
  header.write(`knowledge ${baseId}`);
  header.write("\n", HEADER_BYTES - 1);
  return header;
}

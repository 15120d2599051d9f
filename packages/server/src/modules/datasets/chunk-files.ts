import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompressSync } from "node:zlib";
import { ITEM_LIMITS } from "@treadle/contract";
import type { Objects } from "../../platform/objects/port.ts";
import { CHUNK_LIMITS } from "./build-chunks.ts";
import { decodeLine, type EncodedRow } from "./item-hash.ts";

const compress = promisify(zstdCompress);
/** The fastest level. It is a tenth of what an import costs, and another thread does it meanwhile. */
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** UTF-8 takes up to three bytes where JavaScript counts one; the sources come on top. */
const MOST_BYTES = 3 * (CHUNK_LIMITS.characters + ITEM_LIMITS.bytes) + CHUNK_LIMITS.mostRows * 8_192;

export const packLines = (lines: Uint8Array): Promise<Buffer> => compress(lines, FASTEST);

/** The lines of a chunk, one item each. */
export async function readChunkLines(objects: Objects, object: string): Promise<string[]> {
  const packed = await buffer(await objects.get(object));
  return zstdDecompressSync(packed, { maxOutputLength: MOST_BYTES }).toString().split("\n");
}

export const readChunkRows = async (objects: Objects, object: string): Promise<EncodedRow[]> =>
  (await readChunkLines(objects, object)).map(decodeLine);

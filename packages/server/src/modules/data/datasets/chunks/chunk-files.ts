import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompressSync } from "node:zlib";
import { ITEM_LIMITS } from "@treadle/contract";
import type { Objects } from "../../../../platform/objects/port.ts";
import { type BuiltChunk, CHUNK_LIMITS } from "./build-chunks.ts";
import { decodeLine, type EncodedRow } from "./item-hash.ts";

const compress = promisify(zstdCompress);
/** The fastest level. It is a tenth of what an import costs, and another thread does it meanwhile. */
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** UTF-8 takes up to three bytes where JavaScript counts one; the sources come on top. */
const MOST_BYTES = 3 * (CHUNK_LIMITS.characters + ITEM_LIMITS.bytes) + CHUNK_LIMITS.mostRows * 8_192;

/**
 * The size of pieces in which lines are compressed and decompressed. Each needs a separate event loop turn, and at the
 * usual 16 KiB there would be many.
 */
const PIECE_BYTES = 1024 * 1024;

/** A chunk as it is stored. `bytes`: of its lines. */
export type PackedChunk = Omit<BuiltChunk, "lines"> & { readonly bytes: number; readonly packed: Uint8Array };

/** Another thread compresses the lines, which must not change meanwhile. */
export async function packChunk({ lines, ...chunk }: BuiltChunk): Promise<PackedChunk> {
  const chunkSize = Math.min(PIECE_BYTES, Math.max(LEAST_PIECE_BYTES, lines.length >> 2));
  return { ...chunk, bytes: lines.length, packed: await compress(lines, { ...FASTEST, chunkSize }) };
}
const LEAST_PIECE_BYTES = 1_024;

/** The lines of a chunk as it is stored, one item each. */
export const unpackLines = (packed: Uint8Array): string[] =>
  zstdDecompressSync(packed, { maxOutputLength: MOST_BYTES, chunkSize: PIECE_BYTES }).toString().split("\n");

export const readChunkLines = async (objects: Objects, object: string): Promise<string[]> =>
  unpackLines(await buffer(await objects.get(object)));

export const readChunkRows = async (objects: Objects, object: string): Promise<EncodedRow[]> =>
  (await readChunkLines(objects, object)).map(decodeLine);

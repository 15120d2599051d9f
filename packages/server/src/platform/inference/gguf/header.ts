import { type FileHandle, open } from "node:fs/promises";
import { createCursor, refused } from "./cursor.ts";
import { type GgufMetadata, readMetadata } from "./metadata.ts";
import { readTensors } from "./tensors.ts";

const MAGIC = 0x46554747;
const SMALLEST_BYTES = 24;

/** What a checked file says about itself. */
export type GgufHeader = {
  readonly version: number;
  readonly fileBytes: number;
  /** Such as `llama`. The keys of its sizes begin with it. */
  readonly architecture: string;
  readonly metadata: GgufMetadata;
  readonly tensors: number;
  readonly weights: number;
};

/**
 * Checks a model file before any native code sees it: every count, length, type and offset against the size of the file.
 * Throws `unprocessable` that says what is wrong. Takes a quarter MiB of memory, whatever the file claims.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path, "r");
  try {
    return await readFrom(file);
  } finally {
    await file.close();
  }
}

async function readFrom(file: FileHandle): Promise<GgufHeader> {
  const stats = await file.stat();
  if (!stats.isFile()) throw refused("it is not a regular file");
  if (stats.size < SMALLEST_BYTES) throw refused(`it has only ${stats.size} bytes`);
  const cursor = createCursor(file, stats.size);
  await cursor.need(SMALLEST_BYTES);
  if (cursor.u32() !== MAGIC) throw refused('it does not begin with "GGUF"');
  const version = cursor.u32();
  if (version !== 2 && version !== 3)
    throw refused(`its format version is ${version}; versions 2 and 3 (little-endian) are read`);
  const tensors = cursor.u64("the number of tensors");
  const metadata = await readMetadata(cursor, cursor.u64("the number of metadata entries"));
  const architecture = checkMetadata(metadata);
  const table = await readTensors(cursor, tensors, alignmentOf(metadata));
  return { version, fileBytes: stats.size, architecture, metadata, tensors: table.count, weights: table.weights };
}

function alignmentOf(metadata: GgufMetadata) {
  const alignment = metadata.get("general.alignment") ?? 32;
  const isPower =
    typeof alignment === "number" && alignment >= 8 && alignment <= 65_536 && Number.isInteger(Math.log2(alignment));
  if (!isPower) throw refused(`its alignment is ${String(alignment)}, not a power of two from 8 to 65536`);
  return alignment;
}

function checkMetadata(metadata: GgufMetadata) {
  const architecture = metadata.get("general.architecture");
  if (typeof architecture !== "string" || !/^[a-z0-9_-]{1,64}$/.test(architecture))
    throw refused("it does not name its architecture");
  const type = metadata.get("general.type");
  if (type === "adapter") throw refused("it is an adapter, not a whole model");
  if (type === "mmproj" || architecture === "clip")
    throw refused("it is the vision part of a model, not a language model");
  const parts = metadata.get("split.count");
  if (typeof parts === "number" && parts > 1)
    throw refused(`it is one of ${parts} parts of a model; merge them into one file first`);
  const tokens = metadata.get("tokenizer.ggml.tokens");
  if (typeof tokens !== "object" || tokens.items === 0) throw refused("it holds no vocabulary");
  return architecture;
}

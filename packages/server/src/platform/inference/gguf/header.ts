import { type FileHandle, open } from "node:fs/promises";
import { createCursor, refused } from "./cursor.ts";
import { type GgufMetadata, readMetadata } from "./metadata.ts";
import { readTensors, type TensorTable } from "./tensors.ts";

const MAGIC = 0x46554747;
const SMALLEST_BYTES = 24;

/** The metadata of a checked file. */
export type GgufHeader = {
  readonly version: number;
  readonly fileBytes: number;
  /** For example `llama`. The keys of its sizes start with it. */
  readonly architecture: string;
  readonly metadata: GgufMetadata;
  readonly tensors: number;
  readonly weights: number;
  /** The type that most weights have, such as `Q4_1`. */
  readonly mainType: string;
};

/** The metadata of a checked LoRA adapter file. */
export type GgufAdapter = {
  readonly fileBytes: number;
  /** The architecture of its base model. */
  readonly architecture: string;
  readonly name: string;
  readonly alpha: number;
  /** Weights of the adapter itself. */
  readonly weights: number;
  /** Tensors of the model that it changes. */
  readonly targets: number;
};

/**
 * Checks a model file before any native code reads it: every count, length, type and offset against the file's size.
 * Throws `unprocessable` with the problem. It uses 256 KiB of memory, whatever the file claims.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const { version, fileBytes, metadata, table, architecture } = await readFile(path, checkMetadata);
  const { count: tensors, weights, mainType } = table;
  return { version, fileBytes, architecture, metadata, tensors, weights, mainType };
}

/** As `readGgufHeader`, of a file that holds a LoRA adapter: each tensor it changes must come as a pair. */
export async function readGgufAdapter(path: string): Promise<GgufAdapter> {
  const { fileBytes, metadata, table, architecture } = await readFile(path, checkAdapter);
  const name = metadata.get("general.name");
  return {
    fileBytes,
    architecture,
    name: typeof name === "string" ? name : "",
    alpha: alphaOf(metadata),
    weights: table.weights,
    targets: countPairs(table.names),
  };
}

/** The kind of a GGUF file by its metadata: a model, an adapter, or another kind that `readGgufHeader` rejects. */
export async function readGgufKind(path: string): Promise<"adapter" | "model"> {
  const { metadata } = await readFile(path, (given) => nameOf(given));
  return metadata.get("general.type") === "adapter" ? "adapter" : "model";
}

type Read = {
  readonly version: number;
  readonly fileBytes: number;
  readonly metadata: GgufMetadata;
  readonly table: TensorTable;
  readonly architecture: string;
};

async function readFile(path: string, check: (metadata: GgufMetadata) => string): Promise<Read> {
  const file = await open(path, "r");
  try {
    return await readFrom(file, check);
  } finally {
    await file.close();
  }
}

async function readFrom(file: FileHandle, check: (metadata: GgufMetadata) => string): Promise<Read> {
  const stats = await file.stat();
  if (!stats.isFile()) throw refused("it is not a regular file");
  if (stats.size < SMALLEST_BYTES) throw refused(`it has only ${stats.size} bytes`);
  const cursor = createCursor(file, stats.size);
  await cursor.need(SMALLEST_BYTES);
  if (cursor.u32() !== MAGIC) throw refused('it does not begin with "GGUF"');
  const version = cursor.u32();
  if (version !== 2 && version !== 3)
    throw refused(`its format version is ${version}; only versions 2 and 3 (little-endian) are supported`);
  const tensors = cursor.u64("the number of tensors");
  const metadata = await readMetadata(cursor, cursor.u64("the number of metadata entries"));
  const architecture = check(metadata);
  const table = await readTensors(cursor, tensors, alignmentOf(metadata));
  return { version, fileBytes: stats.size, metadata, table, architecture };
}

function alignmentOf(metadata: GgufMetadata) {
  const alignment = metadata.get("general.alignment") ?? 32;
  const isPower =
    typeof alignment === "number" && alignment >= 8 && alignment <= 65_536 && Number.isInteger(Math.log2(alignment));
  if (!isPower) throw refused(`its alignment is ${String(alignment)}, not a power of two from 8 to 65536`);
  return alignment;
}

function nameOf(metadata: GgufMetadata) {
  const architecture = metadata.get("general.architecture");
  if (typeof architecture !== "string" || !/^[a-z0-9_-]{1,64}$/.test(architecture))
    throw refused("it does not name its architecture");
  return architecture;
}

function checkAdapter(metadata: GgufMetadata) {
  const architecture = nameOf(metadata);
  if (metadata.get("general.type") !== "adapter") throw refused("it is a whole model, not an adapter");
  const kind = metadata.get("adapter.type");
  if (kind !== "lora") throw refused(`it is an adapter of the type "${String(kind)}", and only "lora" is supported`);
  alphaOf(metadata);
  return architecture;
}

function alphaOf(metadata: GgufMetadata) {
  const alpha = metadata.get("adapter.lora.alpha");
  if (typeof alpha !== "number" || !Number.isFinite(alpha) || alpha <= 0)
    throw refused(`its adapter.lora.alpha is ${String(alpha)}, which is not a number above 0`);
  return alpha;
}

/** Each tensor that a LoRA changes comes twice, as `.lora_a` and `.lora_b`. */
function countPairs(names: readonly string[]) {
  const known = new Set(names);
  for (const name of names) {
    const other = name.replace(/[.]lora_([ab])$/, (_, side) => `.lora_${side === "a" ? "b" : "a"}`);
    if (other === name) throw refused(`the tensor "${name}" is not part of a LoRA adapter`);
    if (!known.has(other)) throw refused(`the tensor "${name}" has no matching "${other}"`);
  }
  return names.length / 2;
}

function checkMetadata(metadata: GgufMetadata) {
  const architecture = nameOf(metadata);
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

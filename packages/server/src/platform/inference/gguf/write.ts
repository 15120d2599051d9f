import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { entry, type GgufEntry, header, tensorInfo } from "./encode.ts";

/** Numbers of the types in the format, and how many weights one block holds in how many bytes. */
const TYPES = {
  F32: { number: 0, weights: 1, bytes: 4 },
  Q4_0: { number: 2, weights: 32, bytes: 18 },
} as const;
const ALIGNMENT = 32;

export type GgufTensor = {
  readonly name: string;
  /** The length of a row first. */
  readonly dimensions: readonly number[];
  readonly type: keyof typeof TYPES;
  /** Its bytes in order, in parts. */
  readonly read: () => AsyncIterable<Uint8Array>;
};
type GgufFile = {
  readonly metadata: Readonly<Record<string, GgufEntry>>;
  readonly tensors: readonly GgufTensor[];
};

/** How many bytes the weights of a tensor take. */
export function tensorBytes({ dimensions, type }: Pick<GgufTensor, "dimensions" | "type">): number {
  const { weights, bytes } = TYPES[type];
  return (dimensions.reduce((product, length) => product * length, 1) / weights) * bytes;
}

/**
 * Writes a GGUF file of version 3. The weights are streamed: never more of them in memory than a part. The same input gives the same
 * bytes.
 */
export async function writeGgufFile(path: string, file: GgufFile, signal: AbortSignal): Promise<void> {
  await pipeline(bytesOf(file), createWriteStream(path), { signal });
}

async function* bytesOf({ metadata, tensors }: GgufFile): AsyncGenerator<Uint8Array> {
  const entries = Object.entries(metadata);
  let position = 0;
  const counted = (bytes: Uint8Array) => {
    position += bytes.length;
    return bytes;
  };
  const padding = () => Buffer.alloc((ALIGNMENT - (position % ALIGNMENT)) % ALIGNMENT);
  yield counted(header({ tensors: tensors.length, entries: entries.length }));
  for (const [key, value] of entries) yield counted(entry(key, value));
  let offset = 0;
  for (const tensor of tensors) {
    yield counted(tensorInfo(tensor.name, tensor.dimensions, { type: TYPES[tensor.type].number, offset }));
    offset += Math.ceil(tensorBytes(tensor) / ALIGNMENT) * ALIGNMENT;
  }
  yield counted(padding());
  for (const tensor of tensors) {
    for await (const part of tensor.read()) yield counted(part);
    yield counted(padding());
  }
}

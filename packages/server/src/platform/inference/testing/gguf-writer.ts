import { entry, type GgufEntry, header, tensorInfo } from "../gguf/encode.ts";

export { entry, header, tensorInfo, text, u32, u64 } from "../gguf/encode.ts";
/** A value with its type as the format names it. */
export type WriterValue = GgufEntry;

export type WriterTensor = {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly values: Float32Array;
};

const ALIGNMENT = 32;

/** A whole file of 32-bit float tensors. */
export function writeGguf(metadata: Readonly<Record<string, WriterValue>>, tensors: readonly WriterTensor[]): Buffer {
  const entries = Object.entries(metadata).map(([key, value]) => entry(key, value));
  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    infos.push(tensorInfo(tensor.name, tensor.dimensions, { offset }));
    const bytes = padded(Buffer.from(tensor.values.buffer, tensor.values.byteOffset, tensor.values.byteLength));
    data.push(bytes);
    offset += bytes.length;
  }
  return Buffer.concat([
    padded(Buffer.concat([header({ tensors: tensors.length, entries: entries.length }), ...entries, ...infos])),
    ...data,
  ]);
}

const padded = (bytes: Buffer) =>
  Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);

/** A value with its type as the format names it. */
export type WriterValue =
  | { readonly type: "u32" | "i32" | "f32" | "u64"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "texts"; readonly value: readonly string[] }
  | { readonly type: "f32s" | "i32s"; readonly value: readonly number[] };

export type WriterTensor = {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly values: Float32Array;
};

const TYPE_NUMBERS = { u32: 4, i32: 5, f32: 6, bool: 7, text: 8, u64: 10, texts: 8, f32s: 6, i32s: 5 } as const;
const ALIGNMENT = 32;

export function u32(value: number) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
export function u64(value: number | bigint) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
export const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

/** The bytes of one metadata entry. */
export function entry(key: string, value: WriterValue): Buffer {
  const isArray = value.type === "texts" || value.type === "f32s" || value.type === "i32s";
  const head = isArray
    ? [u32(9), u32(TYPE_NUMBERS[value.type]), u64(value.value.length)]
    : [u32(TYPE_NUMBERS[value.type])];
  return Buffer.concat([text(key), ...head, bytesOf(value)]);
}

function bytesOf(value: WriterValue): Buffer {
  switch (value.type) {
    case "u32":
      return u32(value.value);
    case "i32":
      return Buffer.from(Int32Array.of(value.value).buffer);
    case "f32":
      return Buffer.from(Float32Array.of(value.value).buffer);
    case "u64":
      return u64(value.value);
    case "bool":
      return Buffer.from([value.value ? 1 : 0]);
    case "text":
      return text(value.value);
    case "texts":
      return Buffer.concat(value.value.map(text));
    case "f32s":
      return Buffer.from(Float32Array.from(value.value).buffer);
    case "i32s":
      return Buffer.from(Int32Array.from(value.value).buffer);
  }
}

/** The bytes of one line of the tensor table; `type` 0 is 32-bit floats. */
export const tensorInfo = (
  name: string,
  dimensions: readonly (number | bigint)[],
  at: { type?: number; offset: number | bigint },
) =>
  Buffer.concat([
    text(name),
    u32(dimensions.length),
    ...dimensions.map((length) => u64(length)),
    u32(at.type ?? 0),
    u64(at.offset),
  ]);

export const header = (counts: { tensors: number | bigint; entries: number | bigint; version?: number }) =>
  Buffer.concat([Buffer.from("GGUF"), u32(counts.version ?? 3), u64(counts.tensors), u64(counts.entries)]);

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

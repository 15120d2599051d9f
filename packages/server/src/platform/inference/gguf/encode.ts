/** Texts that are bytes already: read one at a time, since a vocabulary has hundreds of thousands. */
export type Utf8List = { readonly length: number; readonly at: (index: number) => Uint8Array };
/** A value with its type as the format names it. */
export type GgufEntry =
  | { readonly type: "u32" | "i32" | "f32" | "u64"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "texts"; readonly value: readonly string[] }
  | { readonly type: "utf8s"; readonly value: Utf8List }
  | { readonly type: "f32s"; readonly value: ArrayLike<number> }
  | { readonly type: "i32s"; readonly value: ArrayLike<number> }
  | { readonly type: "u8s"; readonly value: Uint8Array };

const TYPE_NUMBERS = { u32: 4, i32: 5, f32: 6, bool: 7, text: 8, u64: 10 } as const;
const ITEM_NUMBERS = { u8s: 0, i32s: 5, f32s: 6, texts: 8, utf8s: 8 } as const;
const ARRAY = 9;

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
export const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

/** The bytes of one metadata entry. The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
export function entry(key: string, value: GgufEntry): Buffer {
  return Buffer.concat([text(key), headOf(value), bytesOf(value)]);
}

function headOf(value: GgufEntry): Buffer {
  switch (value.type) {
    case "texts":
    case "utf8s":
    case "f32s":
    case "i32s":
    case "u8s":
      return Buffer.concat([u32(ARRAY), u32(ITEM_NUMBERS[value.type]), u64(value.value.length)]);
    default:
      return u32(TYPE_NUMBERS[value.type]);
  }
}

function bytesOf(value: GgufEntry): Buffer {
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
    case "utf8s":
      return utf8s(value.value);
    case "f32s":
      return Buffer.from(Float32Array.from(value.value).buffer);
    case "i32s":
      return Buffer.from(Int32Array.from(value.value).buffer);
    case "u8s":
      return Buffer.from(value.value);
  }
}

function utf8s({ length, at }: Utf8List): Buffer {
  let size = 0;
  for (let index = 0; index < length; index++) size += 8 + at(index).length;
  const bytes = Buffer.allocUnsafe(size);
  let position = 0;
  for (let index = 0; index < length; index++) {
    const item = at(index);
    bytes.writeUInt32LE(item.length, position);
    bytes.writeUInt32LE(0, position + 4);
    bytes.set(item, position + 8);
    position += 8 + item.length;
  }
  return bytes;
}

/** The bytes of one line of the tensor table; `type` 0 is 32-bit floats. */
export const tensorInfo = (
  name: string,
  dimensions: readonly (number | bigint)[],
  at: { type?: number; offset: number | bigint },
): Buffer =>
  Buffer.concat([
    text(name),
    u32(dimensions.length),
    ...dimensions.map((length) => u64(length)),
    u32(at.type ?? 0),
    u64(at.offset),
  ]);

export const header = (counts: { tensors: number | bigint; entries: number | bigint; version?: number }): Buffer =>
  Buffer.concat([Buffer.from("GGUF"), u32(counts.version ?? 3), u64(counts.tensors), u64(counts.entries)]);

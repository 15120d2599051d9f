type Tensors = Readonly<Record<string, readonly [type: "F32" | "F16", shape: readonly number[]]>>;

/** The bytes of a safetensors file whose tensors hold zeros, or the byte of `fill`. */
export function safetensors(tensors: Tensors, fill = 0): Buffer {
  let at = 0;
  const entries = Object.entries(tensors).map(([name, [dtype, shape]]) => {
    const begin = at;
    at += shape.reduce((product, size) => product * size, 1) * (dtype === "F32" ? 4 : 2);
    return [name, { dtype, shape, data_offsets: [begin, at] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(at, fill)]);
}

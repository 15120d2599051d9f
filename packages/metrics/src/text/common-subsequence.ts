/** 30 bits, so that the sum of two words and a carry is still a small integer. */
const BITS = 30;
const MASK = 0x3fffffff;

/** Where each token of a sequence stands, as bits; a sequence is prepared once and compared with many. */
export type Places = { readonly length: number; readonly words: number; readonly of: ReadonlyMap<number, Int32Array> };

export function placesOf(tokens: Int32Array): Places {
  const words = Math.ceil(tokens.length / BITS);
  const of = new Map<number, Int32Array>();
  for (const [at, token] of tokens.entries()) {
    let bits = of.get(token);
    if (!bits) {
      bits = new Int32Array(words);
      of.set(token, bits);
    }
    const word = Math.floor(at / BITS);
    bits[word] = (bits[word] ?? 0) | (1 << (at % BITS));
  }
  return { length: tokens.length, words, of };
}

/** The length of the longest common subsequence of the tokens and the sequence: n × m / 30 steps (Hyyrö, 2004). */
export function commonLength(tokens: Int32Array, places: Places): number {
  const row = new Int32Array(places.words).fill(MASK);
  for (const token of tokens) advance(row, places.of.get(token));
  return countRises(row, places.length);
}

/**
 * The tokens of one longest common subsequence, as ascending indices. From the end, it prefers to skip a token of
 * `tokens`, unless skipping a token of the other sequence gives a longer result. Among equally long subsequences, the
 * choice equals the choice of rouge-score.
 */
export function commonIndices(tokens: Int32Array, places: Places): number[] {
  const { words, length } = places;
  const rows = new Int32Array((tokens.length + 1) * words);
  rows.fill(MASK, 0, words);
  for (const [at, token] of tokens.entries()) {
    rows.copyWithin((at + 1) * words, at * words, (at + 1) * words);
    advance(rows.subarray((at + 1) * words, (at + 2) * words), places.of.get(token));
  }
  const rowAt = (row: number) => rows.subarray(row * words, (row + 1) * words);
  const indices: number[] = [];
  let [row, column] = [tokens.length, length];
  // How long the longest is of the first `row` tokens and the first `column` of the other, and with one token fewer.
  let here = countRises(rowAt(row), column);
  while (row > 0 && column > 0 && here > 0) {
    const above = countRises(rowAt(row - 1), column);
    while (column > 0 && here > above && !isAt(places, tokens[row - 1] ?? -1, column - 1)) {
      // What is not at this column was already there at the column before.
      column -= 1;
    }
    if (isAt(places, tokens[row - 1] ?? -1, column - 1)) {
      indices.push(row - 1);
      column -= 1;
    }
    row -= 1;
    here = countRises(rowAt(row), column);
  }
  return indices.reverse();
}

/** The row of the table after one more token: a bit is 0 where the length rises from the column before to this one. */
function advance(row: Int32Array, bits: Int32Array | undefined) {
  if (!bits) return;
  let carry = 0;
  for (let word = 0; word < row.length; word += 1) {
    const value = row[word] ?? 0;
    const matched = value & (bits[word] ?? 0);
    const sum = value + matched + carry;
    carry = sum >>> BITS;
    row[word] = (sum & MASK) | (value - matched);
  }
}

/** How often the length rises within the first `columns`. */
function countRises(row: Int32Array, columns: number): number {
  let rises = 0;
  const whole = Math.floor(columns / BITS);
  for (let word = 0; word < whole; word += 1) rises += ones(~(row[word] ?? 0) & MASK);
  const rest = columns % BITS;
  return rest === 0 ? rises : rises + ones(~(row[whole] ?? 0) & ((1 << rest) - 1));
}

function isAt(places: Places, token: number, column: number): boolean {
  if (column < 0) return false;
  const bits = places.of.get(token);
  return bits !== undefined && (((bits[Math.floor(column / BITS)] ?? 0) >>> (column % BITS)) & 1) === 1;
}

function ones(bits: number): number {
  let value = bits - ((bits >>> 1) & 0x55555555);
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333);
  return Math.imul((value + (value >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

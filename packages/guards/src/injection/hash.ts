/** 2¹⁸ weights of one byte: more buckets gain nothing that the measured sources show. */
export const BUCKETS = 2 ** 18;

const SEED = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
const [WORD_SALT, PAIR_SALT] = [0x5bd1e995, 0x27d4eb2f];

export const startHash = (): number => SEED;
/** FNV-1a over code units. */
export const addUnit = (hash: number, unit: number): number => Math.imul(hash ^ unit, PRIME);

/** The bucket of a hash: its bits mixed, so that the lowest bits depend on all. */
export function bucketOf(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) & (BUCKETS - 1);
}
export const wordBucket = (hash: number): number => bucketOf(hash ^ WORD_SALT);
export const pairBucket = (first: number, second: number): number =>
  bucketOf(Math.imul(first, 31) ^ second ^ PAIR_SALT);

/** Letters that differ in case or by their digit are the same feature. Only ASCII, Latin-1, Greek and Cyrillic are folded. */
export function foldUnit(unit: number): number {
  if (unit < 0x80) {
    if (unit >= 0x41 && unit <= 0x5a) return unit + 32;
    return unit >= 0x30 && unit <= 0x39 ? 0x30 : unit;
  }
  const hasLowerForm =
    (unit >= 0xc0 && unit <= 0xde && unit !== 0xd7) ||
    (unit >= 0x391 && unit <= 0x3a9) ||
    (unit >= 0x410 && unit <= 0x42f);
  if (hasLowerForm) return unit + 32;
  return unit === 0x2019 ? 0x27 : unit;
}

/** The hash of a whole word, folded. */
export function hashWord(word: string): number {
  let hash = startHash();
  for (let place = 0; place < word.length; place += 1) hash = addUnit(hash, foldUnit(word.charCodeAt(place)));
  return hash;
}

const FIRST_SLOTS = 1 << 16;
/** The set grows when it is filled by this share. */
const MOST_FILLED = 0.6;

/** Slots for so many ids, that the set need not grow; only up to some MB, for it is a guess. */
export const slotsFor = (ids: number): number =>
  Math.max(FIRST_SLOTS, 2 ** Math.min(20, Math.ceil(Math.log2(Math.max(1, ids) / MOST_FILLED))));

/** The two halves of the last hashed id. A new pair for each id would be garbage. */
const pair = { high: 0, low: 0 };

function hashId(id: string): void {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b ^= b >>> 15;
  }
  a = Math.imul(a ^ (a >>> 16), 0xc2b2ae35) >>> 0;
  b = Math.imul(b ^ (b >>> 13), 0x27d4eb2f);
  // Zero is the empty slot, so no pair is all zeros.
  pair.high = (a | 1) >>> 0;
  pair.low = (b ^ (b >>> 16)) >>> 0;
}

/** Writes the two numbers that stand for an id. */
export function putIdPair(id: string, pairs: Uint32Array, place: number): void {
  hashId(id);
  pairs[place * 2] = pair.high;
  pairs[place * 2 + 1] = pair.low;
}

/**
 * The ids of a dataset, in about 16 bytes each. 64 bits of a hash represent an id, so among a million ids, a collision
 * occurs once in 10^7 datasets. `firstSlots`, a power of two, is at least 1.5 times the expected number.
 */
export function createIdSet(firstSlots = FIRST_SLOTS) {
  let slots = firstSlots;
  let high = new Uint32Array(slots);
  let low = new Uint32Array(slots);
  let size = 0;

  /** The slot of a pair, or the empty one where it would be. */
  function slotOf(a: number, b: number): number {
    for (let at = b & (slots - 1); ; at = (at + 1) & (slots - 1)) {
      const [x, y] = [high[at] ?? 0, low[at] ?? 0];
      if ((x === 0 && y === 0) || (x === a && y === b)) return at;
    }
  }

  /** False when the pair was there already. */
  function insert(a: number, b: number): boolean {
    const at = slotOf(a, b);
    if (high[at] !== 0) return false;
    high[at] = a;
    low[at] = b;
    return true;
  }

  function grow(): void {
    const [oldHigh, oldLow] = [high, low];
    slots *= 2;
    high = new Uint32Array(slots);
    low = new Uint32Array(slots);
    for (let at = 0; at < oldHigh.length; at++) {
      const [a, b] = [oldHigh[at] ?? 0, oldLow[at] ?? 0];
      if (a !== 0) insert(a, b);
    }
  }

  function addPair(a: number, b: number): boolean {
    if (!insert(a, b)) return false;
    size += 1;
    if (size > slots * MOST_FILLED) grow();
    return true;
  }

  return {
    /** False when the id was there already. */
    add(id: string): boolean {
      hashId(id);
      return addPair(pair.high, pair.low);
    },
    /** Adds ids that differ from each other. False when some were there already, and then none is added. */
    addPairs(pairs: Uint32Array): boolean {
      for (let at = 0; at < pairs.length; at += 2)
        if (high[slotOf(pairs[at] ?? 0, pairs[at + 1] ?? 0)] !== 0) return false;
      for (let at = 0; at < pairs.length; at += 2) addPair(pairs[at] ?? 0, pairs[at + 1] ?? 0);
      return true;
    },
    get size() {
      return size;
    },
  };
}

const FIRST_SLOTS = 1 << 16;
/** The set grows when it is filled by this share. */
const MOST_FILLED = 0.6;

/**
 * The ids of a data set, at some 16 bytes each: 64 bits of a hash stand for an id, so that among a million ids two are
 * taken for the same once in 10^7 data sets.
 */
export function createIdSet() {
  let slots = FIRST_SLOTS;
  let high = new Uint32Array(slots);
  let low = new Uint32Array(slots);
  let size = 0;

  /** False when the pair was there already. Zero is the empty slot, so no pair is all zeros. */
  function insert(a: number, b: number): boolean {
    for (let at = b & (slots - 1); ; at = (at + 1) & (slots - 1)) {
      const [x, y] = [high[at] ?? 0, low[at] ?? 0];
      if (x === 0 && y === 0) {
        high[at] = a;
        low[at] = b;
        return true;
      }
      if (x === a && y === b) return false;
    }
  }

  function grow(): void {
    const [oldHigh, oldLow] = [high, low];
    slots *= 2;
    high = new Uint32Array(slots);
    low = new Uint32Array(slots);
    for (let at = 0; at < oldHigh.length; at++) {
      const [a, b] = [oldHigh[at] ?? 0, oldLow[at] ?? 0];
      if (a !== 0 || b !== 0) insert(a, b);
    }
  }

  return {
    /** False when the id was there already. */
    add(id: string): boolean {
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
      b = (b ^ (b >>> 16)) >>> 0;
      if (!insert((a | 1) >>> 0, b)) return false;
      size += 1;
      if (size > slots * MOST_FILLED) grow();
      return true;
    },
    get size() {
      return size;
    },
  };
}

/**
 * For keys (integers from 0 to 2^53 − 2), the numbers stored under each, in little memory: about 40 bytes per key and 8
 * per number.
 */
export function createPostings() {
  let keys = new Float64Array(1_024);
  let heads = new Int32Array(1_024);
  let [values, nexts] = [new Int32Array(1_024), new Int32Array(1_024)];
  let [keyCount, valueCount] = [0, 0];

  /** The position of a key, or its future position. Keys are stored plus one, as 0 means empty. */
  function slotOf(key: number): number {
    const mask = keys.length - 1;
    let slot = Math.imul((key % 0x100000000) ^ Math.floor(key / 0x100000000), 0x9e3779b1) & mask;
    for (let rowsOfKey = keys[slot]; rowsOfKey !== 0 && rowsOfKey !== key + 1; rowsOfKey = keys[slot])
      slot = (slot + 1) & mask;
    return slot;
  }

  function growKeys(): void {
    if (keyCount * 2 < keys.length) return;
    const [oldKeys, oldHeads] = [keys, heads];
    keys = new Float64Array(oldKeys.length * 2);
    heads = new Int32Array(oldKeys.length * 2);
    for (const [at, key] of oldKeys.entries()) {
      if (key === 0) continue;
      const slot = slotOf(key - 1);
      keys[slot] = key;
      heads[slot] = oldHeads[at] ?? 0;
    }
  }
  function growValues(): void {
    if (valueCount < values.length) return;
    const [oldValues, oldNexts] = [values, nexts];
    values = new Int32Array(oldValues.length * 2);
    nexts = new Int32Array(oldNexts.length * 2);
    values.set(oldValues);
    nexts.set(oldNexts);
  }

  function list(slot: number, most: number): number[] {
    const rows: number[] = [];
    if (keys[slot] === 0) return rows;
    for (let at = heads[slot] ?? -1; at >= 0 && rows.length < most; at = nexts[at] ?? -1) rows.push(values[at] ?? 0);
    return rows;
  }

  return {
    /** Puts a number under a key; once, when it was the last one to be put there. */
    add(key: number, value: number): void {
      growKeys();
      const slot = slotOf(key);
      const head = keys[slot] === 0 ? -1 : (heads[slot] ?? -1);
      if (head >= 0 && values[head] === value) return;
      growValues();
      if (keys[slot] === 0) keyCount++;
      keys[slot] = key + 1;
      values[valueCount] = value;
      nexts[valueCount] = head;
      heads[slot] = valueCount++;
    },
    /** The numbers under a key, the last one first, but no more than `most`. */
    list: (key: number, most = Number.POSITIVE_INFINITY) => list(slotOf(key), most),
    /** Calls with the numbers under each key, but no more than `most` of them. */
    eachKey(most: number, call: (numbers: readonly number[]) => void): void {
      for (const [slot, key] of keys.entries()) if (key !== 0) call(list(slot, most));
    },
  };
}

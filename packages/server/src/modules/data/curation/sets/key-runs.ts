/** Rows in the order of their keys (up to 32 bits): key and row in one number each, so that they are sorted without comparing in script. */
export function orderRows(rows: number, keyOf: (row: number) => number | null): Float64Array {
  const width = Math.max(1, rows);
  const most = Math.floor(Number.MAX_SAFE_INTEGER / width);
  const packed = new Float64Array(rows);
  let length = 0;
  for (let row = 0; row < rows; row++) {
    const key = keyOf(row);
    if (key !== null) packed[length++] = (key % most) * width + row;
  }
  return packed.subarray(0, length).sort();
}

/** Calls with the rows of each key that more than one has, ascending. */
export function eachRun(order: Float64Array, rows: number, call: (run: readonly number[]) => void): void {
  const width = Math.max(1, rows);
  let start = 0;
  for (let at = 1; at <= order.length; at++) {
    const key = Math.floor((order[start] ?? 0) / width);
    if (at < order.length && Math.floor((order[at] ?? 0) / width) === key) continue;
    if (at - start > 1) call(Array.from(order.subarray(start, at), (packed) => packed - key * width));
    start = at;
  }
}

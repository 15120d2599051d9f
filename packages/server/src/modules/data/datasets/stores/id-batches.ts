/** How many ids go into one statement. */
const BATCH = 1_000;
/** Values in lists that one statement takes. */
export function* batchesOf<Value>(values: readonly Value[]) {
  for (let at = 0; at < values.length; at += BATCH) yield values.slice(at, at + BATCH);
}

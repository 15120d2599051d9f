/**
 * A cache with a bounded number of entries. It has two generations: when the young one is full it becomes the old one,
 * so frequent entries survive without bookkeeping per read.
 */
export function createBoundedCache<Value>(capacity: number) {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  const set = (key: string, value: Value) => {
    if (young.size >= capacity / 2) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  };
  return {
    set,
    get(key: string): Value | undefined {
      const value = young.get(key);
      if (value !== undefined) return value;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    size: () => young.size + old.size,
  };
}

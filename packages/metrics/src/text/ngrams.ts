/** Numbers for tokens: equal tokens get equal numbers, counted from 0; a token that `find` has not met before is −1. */
export function createVocabulary<Token extends string | number>() {
  const ids = new Map<Token, number>();
  return {
    add(tokens: ArrayLike<Token>): Int32Array {
      const numbers = new Int32Array(tokens.length);
      for (let at = 0; at < tokens.length; at += 1) {
        const token = tokens[at];
        if (token === undefined) continue;
        let id = ids.get(token);
        if (id === undefined) {
          id = ids.size;
          ids.set(token, id);
        }
        numbers[at] = id;
      }
      return numbers;
    },
    find(tokens: ArrayLike<Token>): Int32Array {
      const numbers = new Int32Array(tokens.length);
      for (let at = 0; at < tokens.length; at += 1) {
        const token = tokens[at];
        numbers[at] = token === undefined ? -1 : (ids.get(token) ?? -1);
      }
      return numbers;
    },
    size: () => ids.size,
  };
}

/** Numbers a sequence has of n-grams of an order. */
export const countOf = (length: number, order: number) => Math.max(0, length - order + 1);

/**
 * The number of n-grams of `tokens` that the references also contain, for each order from 1 to `orders`. An n-gram
 * counts at most as often as in the reference with its highest count. Tokens are numbers from 0 up, and −1 if no
 * reference contains them. Linear in tokens × orders.
 */
export function matchNgrams(tokens: Int32Array, references: readonly Int32Array[], orders: number): number[] {
  // A gram of order n is known by the number of the gram of order n − 1 that it begins with and by its last token.
  const heads = references.map((reference) => reference.slice());
  const own = tokens.slice();
  // A token's number is below how many tokens there are, and so is a gram's.
  const capacity = references.reduce((sum, { length }) => sum + length, 0);
  const most = new Int32Array(capacity);
  const counts = new Int32Array(capacity);
  const table = createPairTable(capacity);
  const matches: number[] = [];

  for (let order = 1; order <= orders; order += 1) {
    if (order > 1) {
      if (matches[order - 2] === 0) {
        matches.push(0);
        continue;
      }
      table.clear();
      most.fill(0);
    }
    for (const [which, reference] of references.entries()) {
      const head = heads[which];
      if (!head) continue;
      if (order > 1) extend(head, reference, { order, number: table.add });
      takeMost(head.subarray(0, countOf(reference.length, order)), counts, most);
    }
    if (order > 1) extend(own, tokens, { order, number: table.find });
    matches.push(clip(own.subarray(0, countOf(tokens.length, order)), most));
  }
  return matches;
}

/** Numbers for pairs of numbers, counted from 0: a hash table with open addressing, several times as fast as a Map with joined keys. */
function createPairTable(capacity: number) {
  const bits = Math.max(2, 33 - Math.clz32(capacity));
  const shift = 32 - bits;
  const mask = (1 << bits) - 1;
  const slots = new Int32Array(1 << bits).fill(-1);
  const firsts = new Int32Array(capacity);
  const seconds = new Int32Array(capacity);
  let size = 0;

  /** The slot that holds the pair, or the free one where it would go. */
  function slotOf(first: number, second: number): number {
    let slot = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca77)) >>> shift;
    for (;;) {
      const id = slots[slot] ?? -1;
      if (id < 0 || (firsts[id] === first && seconds[id] === second)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  return {
    add(first: number, second: number): number {
      const slot = slotOf(first, second);
      const known = slots[slot] ?? -1;
      if (known >= 0) return known;
      slots[slot] = size;
      firsts[size] = first;
      seconds[size] = second;
      size += 1;
      return size - 1;
    },
    find: (first: number, second: number) => slots[slotOf(first, second)] ?? -1,
    clear() {
      slots.fill(-1);
      size = 0;
    },
  };
}

type Step = { readonly order: number; readonly number: (head: number, last: number) => number };

/** Converts the numbers of n-grams of order n − 1 at each place to the numbers of order n. −1 stays −1. */
function extend(heads: Int32Array, tokens: Int32Array, { order, number }: Step) {
  const end = countOf(tokens.length, order);
  for (let at = 0; at < end; at += 1) {
    const head = heads[at] ?? -1;
    const last = tokens[at + order - 1] ?? -1;
    heads[at] = head < 0 || last < 0 ? -1 : number(head, last);
  }
}

function takeMost(grams: Int32Array, counts: Int32Array, most: Int32Array) {
  for (let at = 0; at < grams.length; at += 1) {
    const gram = grams[at] ?? 0;
    const count = (counts[gram] ?? 0) + 1;
    counts[gram] = count;
    if (count > (most[gram] ?? 0)) most[gram] = count;
  }
  for (let at = 0; at < grams.length; at += 1) counts[grams[at] ?? 0] = 0;
}

/** How many of the grams can be paired with one of those that are left. */
function clip(grams: Int32Array, left: Int32Array): number {
  let matched = 0;
  for (let at = 0; at < grams.length; at += 1) {
    const gram = grams[at] ?? -1;
    const rest = gram < 0 ? 0 : (left[gram] ?? 0);
    if (rest === 0) continue;
    left[gram] = rest - 1;
    matched += 1;
  }
  return matched;
}

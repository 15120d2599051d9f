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
 * How many n-grams of `tokens` the references hold too, for each order from 1 to `orders`; one counts at most as often as it stands in the
 * reference that has it most often. Tokens are numbers below `size`, −1 for what no reference holds. Linear in tokens × orders.
 */
export function matchNgrams(
  tokens: Int32Array,
  references: readonly Int32Array[],
  { orders, size }: { orders: number; size: number },
): number[] {
  // A gram of order n is known by the number of the gram of order n − 1 that it begins with and by its last token.
  const heads = references.map((reference) => reference.slice());
  const own = tokens.slice();
  const capacity = Math.max(
    size,
    references.reduce((sum, { length }) => sum + length, 0),
  );
  const most = new Int32Array(capacity);
  const counts = new Int32Array(capacity);
  const matches: number[] = [];

  for (let order = 1; order <= orders; order += 1) {
    const grams = order === 1 ? undefined : new Map<number, number>();
    most.fill(0);
    for (const [which, reference] of references.entries()) {
      const head = heads[which];
      if (!head) continue;
      if (grams) extend(head, reference, { order, size, grams, grows: true });
      takeMost(head.subarray(0, countOf(reference.length, order)), counts, most);
    }
    if (grams) extend(own, tokens, { order, size, grams, grows: false });
    matches.push(clip(own.subarray(0, countOf(tokens.length, order)), most));
  }
  return matches;
}

type Step = { order: number; size: number; grams: Map<number, number>; grows: boolean };

/** Turns the numbers of grams of order n − 1 at each place into those of order n; −1 stays −1. */
function extend(heads: Int32Array, tokens: Int32Array, { order, size, grams, grows }: Step) {
  const end = countOf(tokens.length, order);
  for (let at = 0; at < end; at += 1) {
    const head = heads[at] ?? -1;
    const last = tokens[at + order - 1] ?? -1;
    if (head < 0 || last < 0) {
      heads[at] = -1;
      continue;
    }
    const key = head * size + last;
    let id = grams.get(key);
    if (id === undefined) {
      id = grows ? grams.size : -1;
      if (grows) grams.set(key, id);
    }
    heads[at] = id;
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

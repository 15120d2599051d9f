/** Two places that belong together, or one alone with -1 for the other. */
export type Pair = readonly [a: number, b: number];

/** Lists whose lengths multiply to more than this are matched by how often each value came, not by the best order. */
const LARGEST_TABLE = 250_000;

/** Pairs the entries of two lists that are equal, in order; entries without a partner stay in between. */
export function alignLists(a: readonly string[], b: readonly string[]): readonly Pair[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const middleA = a.slice(head, a.length - tail);
  const middleB = b.slice(head, b.length - tail);
  const middle =
    middleA.length * middleB.length <= LARGEST_TABLE ? alignBest(middleA, middleB) : alignByCount(middleA, middleB);
  return [
    ...Array.from({ length: head }, (_, at): Pair => [at, at]),
    ...middle.map(([left, right]): Pair => [left < 0 ? -1 : left + head, right < 0 ? -1 : right + head]),
    ...Array.from({ length: tail }, (_, at): Pair => [a.length - tail + at, b.length - tail + at]),
  ];
}

/** The longest common subsequence, by dynamic programming. */
function alignBest(a: readonly string[], b: readonly string[]): Pair[] {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] =
        a[i] === b[j]
          ? (longest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) pairs.push([i++, j++]);
    else if (
      j >= b.length ||
      (i < a.length && (longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0))
    )
      pairs.push([i++, -1]);
    else pairs.push([-1, j++]);
  }
  return pairs;
}

/** The first of a value with the first, the second with the second, and so on; what is left of `b` comes at the end. */
function alignByCount(a: readonly string[], b: readonly string[]): Pair[] {
  const places = new Map<string, number[]>();
  for (const [at, value] of b.entries()) {
    const known = places.get(value);
    if (known) known.push(at);
    else places.set(value, [at]);
  }
  const used = new Map<string, number>();
  const isTaken = new Uint8Array(b.length);
  const pairs = a.map((value, at): Pair => {
    const nth = used.get(value) ?? 0;
    used.set(value, nth + 1);
    const partner = places.get(value)?.[nth] ?? -1;
    if (partner >= 0) isTaken[partner] = 1;
    return [at, partner];
  });
  for (let at = 0; at < b.length; at += 1) if (isTaken[at] === 0) pairs.push([-1, at]);
  return pairs;
}

/** A stretch of text that is in both, only in the first or only in the second. */
export type Change = { readonly kind: "same" | "gone" | "new"; readonly text: string };

/** The differences between two texts: by word for short texts, by line for long ones. */
export function compareTexts(before: string, after: string): readonly Change[] {
  const isShort = before.length + after.length < 6_000;
  const split = (text: string) =>
    text.match(isShort ? /\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu : /[^\n]*\n|[^\n]+/g) ?? [];
  const a = split(before);
  const b = split(after);
  const changes: { kind: Change["kind"]; text: string }[] = [];
  for (const [left, right] of alignLists(a, b)) {
    const kind = right < 0 ? "gone" : left < 0 ? "new" : "same";
    const text = (left < 0 ? b[right] : a[left]) ?? "";
    const last = changes.at(-1);
    if (last?.kind === kind) last.text += text;
    else changes.push({ kind, text });
  }
  return changes;
}

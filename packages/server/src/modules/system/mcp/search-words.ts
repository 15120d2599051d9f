/** The words of a query or a text in lower case, `listSpans` as two; a plural counts as its singular. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1)
    .map((word) => (word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word));

/** A text and how much a word in it counts. */
type WeighedText = readonly [text: string, weight: number];

/** How well texts answer a query: each word of the query counts once, by the best text that holds it or a word that begins with it. */
export function scoreOf(query: readonly string[], texts: readonly WeighedText[]): number {
  const words = texts.map(([text, weight]) => ({ words: new Set(wordsOf(text)), weight }));
  let score = 0;
  for (const wanted of new Set(query)) {
    let best = 0;
    for (const { words: held, weight } of words) {
      const isBegun = wanted.length > 2 && [...held].some((word) => word.startsWith(wanted));
      best = Math.max(best, held.has(wanted) ? weight : isBegun ? weight / 2 : 0);
    }
    score += best;
  }
  return score;
}

/** The best items, best first, without items that contain none of the words. */
export function bestOf<Item>(items: readonly Item[], limit: number, scoreOfItem: (item: Item) => number): Item[] {
  return items
    .map((item) => ({ item, score: scoreOfItem(item) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ item }) => item);
}

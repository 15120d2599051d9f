/** Which of a fixed list of words a text has. */
export type KeywordSearch = (text: string) => ReadonlySet<string>;

const BUCKETS = 4096;
const bucketOf = (first: number, second: number) => (first * 31 + second) & (BUCKETS - 1);

/**
 * Finds words of at least two characters in one pass. Most places of a text are passed with one look into a table of
 * the beginnings of words; the few others are compared.
 */
export function createKeywordSearch(words: Iterable<string>): KeywordSearch {
  const buckets: string[][] = [];
  const isUsed = new Uint8Array(BUCKETS);
  for (const word of new Set(words)) {
    if (word.length < 2) throw new Error(`The keyword "${word}" is too short. Use at least 2 characters.`);
    const bucket = bucketOf(word.charCodeAt(0), word.charCodeAt(1));
    isUsed[bucket] = 1;
    buckets[bucket] = [...(buckets[bucket] ?? []), word];
  }
  return (text) => {
    const present = new Set<string>();
    let code = text.charCodeAt(0);
    for (let at = 1; at < text.length; at++) {
      const next = text.charCodeAt(at);
      const bucket = bucketOf(code, next);
      code = next;
      if (isUsed[bucket] === 1) addWordsAt(text, at - 1, { words: buckets[bucket] ?? [], present });
    }
    return present;
  };
}

function addWordsAt(text: string, at: number, { words, present }: { words: readonly string[]; present: Set<string> }) {
  for (const word of words) if (!present.has(word) && text.startsWith(word, at)) present.add(word);
}

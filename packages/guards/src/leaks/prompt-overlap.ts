import type { Span } from "../finding.ts";

/** As many words in the same order do not repeat by chance. */
const WORDS = 8;
const WORD = /[\p{L}\p{N}]+/gu;

type Word = Span & { readonly hash: number };

function* wordsOf(text: string): Generator<Word> {
  for (const { 0: word, index } of text.matchAll(WORD))
    yield { start: index, end: index + word.length, hash: hashOf(word.toLowerCase()) };
}

function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** A key for each run of eight words, at all places. */
function* runsOf(words: readonly Word[]): Generator<{ readonly key: string; readonly at: number }> {
  for (let at = 0; at + WORDS <= words.length; at++)
    yield {
      key: words
        .slice(at, at + WORDS)
        .map(({ hash }) => hash.toString(36))
        .join(),
      at,
    };
}

/** The runs of eight words in a secret text. */
export const wordRuns = (text: string): ReadonlySet<string> =>
  new Set(Array.from(runsOf([...wordsOf(text)]), ({ key }) => key));

/** The parts of a text that repeat at least eight words of a secret text in order. */
export function findRepeated(text: string, secretRuns: ReadonlySet<string>): Span[] {
  if (secretRuns.size === 0) return [];
  const words = [...wordsOf(text)];
  const spans: Span[] = [];
  for (const { key, at } of runsOf(words)) {
    if (!secretRuns.has(key)) continue;
    const start = words[at]?.start ?? 0;
    const end = words[at + WORDS - 1]?.end ?? 0;
    const last = spans.at(-1);
    if (last && start <= last.end) spans[spans.length - 1] = { start: last.start, end };
    else spans.push({ start, end });
  }
  return spans;
}

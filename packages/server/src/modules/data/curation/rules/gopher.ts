import { count, type Parts, share } from "./words.ts";

const STOP_WORDS: ReadonlySet<string> = new Set(["the", "be", "to", "of", "and", "that", "have", "with"]);
const BULLET = /^\s*[•‣▪●◦*-]\s/;
const ELLIPSIS_END = /(?:\.\.\.|…)\s*$/;
const LETTER = /\p{L}/u;

/** The measures of Rae et al. 2021 (Gopher), table A1 and the text before it. */
export function measureGopher({ text, words, lines }: Parts) {
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  const tokens = text.split(/\s+/).filter((token) => token !== "");
  const stops = words.filter((word) => STOP_WORDS.has(word.toLowerCase())).length;
  return {
    words: words.length,
    meanWordLength: share(letters, words.length),
    hashShare: share(count(text, "#"), words.length),
    ellipsisShare: share(count(text, "...") + count(text, "…"), words.length),
    bulletLineShare: share(lines.filter((line) => BULLET.test(line)).length, lines.length),
    ellipsisLineShare: share(lines.filter((line) => ELLIPSIS_END.test(line)).length, lines.length),
    letterWordShare: share(tokens.filter((token) => LETTER.test(token)).length, tokens.length),
    stopWords: stops,
  };
}

/** How much of a text is repeated, from the same source. Shares of characters refer to all its characters. */
export function measureRepetition({ text, words, lines, paragraphs }: Parts) {
  const inLines = repeats(lines.filter((line) => line.trim() !== ""));
  const inParagraphs = repeats(paragraphs);
  const of = (characters: number) => share(characters, text.length);
  return {
    duplicateLineShare: inLines.share,
    duplicateParagraphShare: inParagraphs.share,
    duplicateLineCharacters: of(inLines.characters),
    duplicateParagraphCharacters: of(inParagraphs.characters),
    top2GramCharacters: of(topGram(words, 2)),
    top3GramCharacters: of(topGram(words, 3)),
    top4GramCharacters: of(topGram(words, 4)),
    duplicate5GramCharacters: of(repeatedGrams(words, 5)),
    duplicate6GramCharacters: of(repeatedGrams(words, 6)),
    duplicate7GramCharacters: of(repeatedGrams(words, 7)),
    duplicate8GramCharacters: of(repeatedGrams(words, 8)),
    duplicate9GramCharacters: of(repeatedGrams(words, 9)),
    duplicate10GramCharacters: of(repeatedGrams(words, 10)),
  };
}

/** Repetitions after the first occurrence. */
export function repeats(parts: readonly string[]): { share: number; characters: number } {
  const lines = new Set<string>();
  let again = 0;
  let characters = 0;
  for (const part of parts) {
    if (lines.has(part)) {
      again++;
      characters += part.length;
    } else lines.add(part);
  }
  return { share: share(again, parts.length), characters };
}

/** Characters of the most frequent run of `size` words, all its occurrences together; 0 when none is there twice. */
function topGram(words: readonly string[], size: number): number {
  const counts = new Map<string, number>();
  let top = 0;
  let length = 0;
  for (let at = 0; at + size <= words.length; at++) {
    const gram = words.slice(at, at + size).join(" ");
    const times = (counts.get(gram) ?? 0) + 1;
    counts.set(gram, times);
    if (times > top) [top, length] = [times, gram.length];
  }
  return top < 2 ? 0 : top * length;
}

/** Characters of the runs of `size` words that were there before, no character counted twice. */
function repeatedGrams(words: readonly string[], size: number): number {
  const seen = new Set<string>();
  let characters = 0;
  for (let at = 0; at + size <= words.length; ) {
    const gram = words.slice(at, at + size).join(" ");
    if (seen.has(gram)) {
      characters += gram.length;
      at += size;
    } else {
      seen.add(gram);
      at++;
    }
  }
  return characters;
}

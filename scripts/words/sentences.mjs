/** A sentence with more words than this is hard to read at the first pass. */
export const MOST_WORDS = 30;

/** A full stop after these ends no sentence. */
const ABBREVIATION = /\b(?:e\.g|i\.e|etc|vs|al|cf|no|approx)\.$/i;

const hasLetter = /[\p{L}\p{N}]/u;

/** How many words a sentence has; a code span or a placeholder counts as one. */
export const countWords = (sentence) => sentence.split(/\s+/).filter((word) => hasLetter.test(word)).length;

/** The sentences of a text and where each begins in it. */
export function splitSentences(text) {
  const sentences = [];
  let from = 0;
  for (const { index, 0: end } of text.matchAll(/[.!?…][)"'”’*_]*\s+(?=["'“‘(*_[]*[\p{Lu}\p{N}])/gu)) {
    const until = index + end.trimEnd().length;
    if (ABBREVIATION.test(text.slice(from, until))) continue;
    sentences.push({ index: from, text: text.slice(from, until) });
    from = index + end.length;
  }
  sentences.push({ index: from, text: text.slice(from) });
  return sentences;
}

/** The sentences of a text that are too long. */
export const findLongSentences = (text) =>
  splitSentences(text)
    .map((sentence) => ({ ...sentence, words: countWords(sentence.text) }))
    .filter(({ words }) => words > MOST_WORDS);

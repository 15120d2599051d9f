const segments = (granularity: "word" | "sentence") => new Intl.Segmenter(undefined, { granularity });
const [WORDS, SENTENCES] = [segments("word"), segments("sentence")];

/** The words of a text, also in scripts that do not separate words with spaces. */
export const wordsOf = (text: string): string[] =>
  Array.from(WORDS.segment(text)).flatMap(({ segment, isWordLike }) => (isWordLike ? [segment] : []));

/** The number of sentences in a text. */
export const sentenceCount = (text: string): number =>
  [...SENTENCES.segment(text)].filter(({ segment }) => segment.trim() !== "").length;

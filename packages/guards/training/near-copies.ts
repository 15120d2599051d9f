const SHINGLE = 8;
const MOST_SHARED = 0.5;

const shinglesOf = (text: string): readonly string[] => {
  const words = text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  return words.length <= SHINGLE
    ? [words.join(" ")]
    : words.slice(SHINGLE - 1).map((_, place) => words.slice(place, place + SHINGLE).join(" "));
};

/** Leaves out texts that share more than half of their runs of 8 words with a text that is trained on. */
export function withoutNearCopies<T extends { readonly text: string }>(
  texts: readonly T[],
  known: readonly T[],
): readonly T[] {
  const shingles = new Set(known.flatMap(({ text }) => shinglesOf(text)));
  return texts.filter(({ text }) => {
    const own = shinglesOf(text);
    return own.filter((shingle) => shingles.has(shingle)).length <= own.length * MOST_SHARED;
  });
}

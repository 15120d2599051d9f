/** A count with its word: `1 cell`, `3 cells`. */
export const countOf = (count: number, word: string, words = `${word}s`): string =>
  `${count} ${count === 1 ? word : words}`;

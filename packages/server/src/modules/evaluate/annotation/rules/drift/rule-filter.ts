const NOT_OURS = "-environment:evaluation -environment:probe";

/** A rule's filter. Calls of experiments and judges are not traffic. */
export const wholeFilter = (filter: string): string =>
  [filter.trim() === "" ? "" : `(${filter})`, NOT_OURS].filter(Boolean).join(" ");

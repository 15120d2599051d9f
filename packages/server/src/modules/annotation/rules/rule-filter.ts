const NOT_OURS = "-environment:evaluation";

/** A rule's filter; what experiments and judges ask is no traffic. */
export const wholeFilter = (filter: string): string =>
  [filter.trim() === "" ? "" : `(${filter})`, NOT_OURS].filter(Boolean).join(" ");

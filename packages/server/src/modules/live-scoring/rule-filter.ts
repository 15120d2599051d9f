import type { LiveRule } from "@treadle/contract";

const TARGETS: Readonly<Record<LiveRule["target"], string>> = { generations: "kind:generation", roots: "is:root" };

/** The filter of a rule with what it always asks for: what evaluation itself did, such as a judge's call, is never scored. */
export const wholeFilter = ({ filter, target }: Pick<LiveRule, "filter" | "target">): string =>
  [filter.trim() === "" ? "" : `(${filter})`, TARGETS[target], "-environment:evaluation"].filter(Boolean).join(" ");

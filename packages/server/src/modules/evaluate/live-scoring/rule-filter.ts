import type { LiveRule } from "@treadle/contract";

const TARGETS: Readonly<Record<LiveRule["target"], string>> = { generations: "kind:generation", roots: "is:root" };

/** A rule's filter with its fixed conditions: calls of evaluations, such as a judge's, are never scored. */
export const wholeFilter = ({ filter, target }: Pick<LiveRule, "filter" | "target">): string =>
  [filter.trim() === "" ? "" : `(${filter})`, TARGETS[target], "-environment:evaluation", "-environment:probe"]
    .filter(Boolean)
    .join(" ");

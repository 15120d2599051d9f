import type { ShadowCounts } from "@treadle/contract";

export type DropReason = keyof ShadowCounts["dropped"];
export type SkipReason = keyof ShadowCounts["skipped"];
type Mutable<Fields> = { -readonly [Key in keyof Fields]: Fields[Key] };
export type Counts = Mutable<Omit<ShadowCounts, "dropped" | "skipped">> & {
  dropped: Mutable<ShadowCounts["dropped"]>;
  skipped: Mutable<ShadowCounts["skipped"]>;
};

export const NO_COUNTS: ShadowCounts = {
  sampled: 0,
  answered: 0,
  failed: 0,
  waiting: 0,
  lost: 0,
  dropped: { queueFull: 0, tooLarge: 0, requestCap: 0, budget: 0, unsafe: 0, untranslatable: 0 },
  skipped: { cache: 0, failed: 0, fallback: 0, candidate: 0 },
};

/** Counts to go on from. What waited when they were stored is lost: the requests were in memory only. */
export const continueCounts = ({ waiting, lost, dropped, skipped, ...counts }: ShadowCounts): Counts => ({
  ...counts,
  waiting: 0,
  lost: lost + waiting,
  dropped: { ...dropped },
  skipped: { ...skipped },
});

import { DAY_MS } from "../../../../kernel/day.ts";
import type { SumsStore } from "./sums-store.ts";

type Question = {
  readonly filter: string;
  readonly groupBy: string;
  readonly limit: number;
};
type Look = {
  readonly now: number;
  /** Ranks again, whatever is remembered. */
  readonly isFresh?: boolean;
  readonly signal: AbortSignal;
};

/** Groups are ranked again after this time, so that a new one has its series soon. */
const RANKED_MS = 600_000;
const MOST_STORED = 5_000;

/** Which groups have a series each: those with the most spans in the last day. */
export function createSeriesNames(store: SumsStore) {
  const ranked = new Map<string, { readonly at: number; readonly names: readonly string[] }>();
  return async function namesOf(
    projectId: string,
    question: Question,
    { now, isFresh = false, signal }: Look,
  ): Promise<readonly string[]> {
    const key = JSON.stringify([projectId, question]);
    const known = ranked.get(key);
    if (!isFresh && known && Math.abs(now - known.at) < RANKED_MS) return known.names;
    const names = await store.listGroups(projectId, question, {
      from: now - DAY_MS,
      to: now,
      limit: question.limit,
      signal,
    });
    if (ranked.size >= MOST_STORED) ranked.clear();
    ranked.set(key, { at: now, names });
    return names;
  };
}
export type SeriesNames = ReturnType<typeof createSeriesNames>;

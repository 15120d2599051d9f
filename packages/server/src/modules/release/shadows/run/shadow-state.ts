import type { ShadowRow, ShadowUse } from "../stores/shadow-store.ts";
import { continueCounts } from "./counts.ts";
import { createDayBudget } from "./day-budget.ts";
import type { RunDeps } from "./deps.ts";
import { createShadowWriter } from "./shadow-writer.ts";

/** What a running shadow counts, in memory and stored. */
export function createShadowState(deps: RunDeps, row: ShadowRow) {
  const counts = continueCounts(row.counts);
  const budget = createDayBudget(deps.clock, row.plan, row.day);
  const use = (): ShadowUse => ({
    counts: { ...structuredClone(counts), waiting: state.waiting() },
    costUsd: state.costUsd,
    day: budget.today(),
  });
  const state = {
    counts,
    budget,
    use,
    costUsd: row.costUsd,
    waiting: () => 0,
    writer: createShadowWriter(deps, row, use),
  };
  return state;
}
export type ShadowState = ReturnType<typeof createShadowState>;

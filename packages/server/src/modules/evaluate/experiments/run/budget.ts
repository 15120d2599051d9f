import type { ExperimentBudget, ExperimentSpent, ExperimentStop } from "@treadle/contract";

/** The usage of an answer with all its scores. The price is null if unknown. */
export type Used = { readonly calls: number; readonly tokens: number; readonly costUsd: number | null };

export const addUsed = (spent: ExperimentSpent, used: Used): ExperimentSpent => ({
  calls: spent.calls + used.calls,
  tokens: spent.tokens + used.tokens,
  usd: spent.usd + (used.costUsd ?? 0),
  unpricedCalls: spent.unpricedCalls + (used.costUsd === null ? used.calls : 0),
});

/** Counts spending. A started answer is assumed to cost as much as the most expensive answer before it. */
export function createBudget({ usd, tokens }: ExperimentBudget, before: ExperimentSpent) {
  let spent = before;
  let running = 0;
  const dearest = { tokens: 0, usd: 0 };
  return {
    spent: (): ExperimentSpent => spent,
    /** Why one more answer may not be begun; null when it may. */
    reached(): Exclude<ExperimentStop, "finished" | "precision"> | null {
      const answers = running + 1;
      if (usd !== null && spent.unpricedCalls > before.unpricedCalls) return "price-unknown";
      if (usd !== null && spent.usd + answers * dearest.usd > usd) return "budget-usd";
      if (spent.tokens >= tokens || spent.tokens + answers * dearest.tokens > tokens) return "budget-tokens";
      return null;
    },
    begin(): void {
      running++;
    },
    end(): void {
      running--;
    },
    count(used: Used): void {
      spent = addUsed(spent, used);
      dearest.tokens = Math.max(dearest.tokens, used.tokens);
      dearest.usd = Math.max(dearest.usd, used.costUsd ?? 0);
    },
  };
}
export type Budget = ReturnType<typeof createBudget>;

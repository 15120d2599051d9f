import { formatBudget } from "./slo-words.ts";
import type { SloStatus } from "./use-slos.ts";

/** The share of the error budget that is left, as a bar with its number. */
export function BudgetBar({ status: { budgetLeft } }: { status: Pick<SloStatus, "budgetLeft"> }) {
  if (budgetLeft === null) return <span className="text-muted">–</span>;
  const left = Math.min(1, Math.max(0, budgetLeft));
  const look = left === 0 ? "bg-bad" : left < 0.25 ? "bg-warn" : "bg-good";
  return (
    <span className="inline-flex items-center justify-end gap-2">
      <span aria-hidden className="h-1.5 w-16 shrink-0 overflow-hidden rounded-full bg-raised max-sm:hidden">
        <span className={`block h-full ${look}`} style={{ width: `${left * 100}%` }} />
      </span>
      <span className={`num ${left === 0 ? "text-bad" : ""}`}>{formatBudget(budgetLeft)}</span>
    </span>
  );
}

import { AppError } from "../../../kernel/errors.ts";
import type { BaselineStore, Past } from "./baseline-store.ts";
import { keyOf, type Measure } from "./measure.ts";

export const BASELINE_DAYS = 7;

/** The control's 95th percentiles, for the measures that have no budget. */
export async function measureBudgets(
  baseline: BaselineStore,
  past: Past,
  measures: readonly Pick<Measure, "metric">[],
): Promise<Record<string, number>> {
  const open = measures.flatMap(({ metric }) =>
    (metric.kind === "latency" || metric.kind === "first-token") && metric.budgetMs === null ? [metric] : [],
  );
  if (open.length === 0) return {};
  const total = await baseline.total(past);
  return Object.fromEntries(
    open.map((metric) => {
      const measured = metric.kind === "latency" ? total.p95_ms : total.p95_ttft_ms;
      if (measured !== null) return [keyOf(metric), measured];
      const what = metric.kind === "latency" ? "requests" : "streams";
      throw new AppError("unprocessable", {
        message: `The variant "${past.control}" answered no ${what} in the last ${BASELINE_DAYS} days, so its 95th percentile is unknown. Set a budget in milliseconds for ${keyOf(metric)}.`,
        details: { param: "budgetMs" },
      });
    }),
  );
}

import type { SpanMetrics, SpanMetricsQuery } from "@treadle/contract";
import type { Scope } from "../../kernel/scope.ts";
import type { Columnar } from "../../platform/columnar/port.ts";
import { whereSpans } from "../traces/index.ts";
import { measureSpans } from "./measure-spans.ts";
import { createMetricsStore } from "./metrics-store.ts";

/** Questions about many spans at once. */
export function createInsights({ columnar }: { readonly columnar: Columnar }) {
  const store = createMetricsStore(columnar);
  return {
    measure: (scope: Scope, query: SpanMetricsQuery, signal: AbortSignal): Promise<SpanMetrics> =>
      measureSpans({ store, whereSpans }, { projectId: scope.projectId, query, signal }),
  };
}
export type Insights = ReturnType<typeof createInsights>;

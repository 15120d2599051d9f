import type { SpanMetrics, SpanMetricsQuery } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { mayReadContent } from "../content/index.ts";
import { aroundPeriod, belongsTo, ownersOf, scoresOf, type Traces, whereSpans } from "../traces/index.ts";
import { createExportStore } from "./export/export-store.ts";
import { createExports } from "./export/write-export.ts";
import { measureSpans } from "./metrics/measure-spans.ts";
import { createMetricsStore } from "./metrics/metrics-store.ts";
import { createSqlConsole } from "./sql/run-sql.ts";
import { createSqlStore } from "./sql/sql-store.ts";

export type InsightsDeps = {
  readonly columnar: Columnar;
  readonly clock: Clock;
  readonly log: Log;
  readonly traces: Pick<Traces, "listTraces">;
};

/** Questions about many spans at once. */
export function createExploreServices({ columnar, clock, log, traces }: InsightsDeps) {
  const store = createMetricsStore(columnar, { scoresOf, ownersOf });
  const sql = createSqlConsole({ store: createSqlStore(columnar), clock, log });
  return {
    measure: (scope: Scope, query: SpanMetricsQuery, signal: AbortSignal): Promise<SpanMetrics> =>
      measureSpans({ store, whereSpans, aroundPeriod, belongsTo }, { projectId: scope.projectId, query, signal }),
    /** One reading statement. Throws `invalid_request` for others, with the reason. */
    runSql: (scope: Scope, { sql: text, limit }: { sql: string; limit: number }, signal: AbortSignal) =>
      sql.run(scope.projectId, { sql: text, limit, hasContent: mayReadContent(scope), signal }),
    sqlSchema: (scope: Scope) => sql.schema(mayReadContent(scope)),
    exports: createExports({
      store: createExportStore(columnar),
      clock,
      whereSpans,
      listTraces: (scope, query) => traces.listTraces(scope, query),
    }),
  };
}
export type Insights = ReturnType<typeof createExploreServices>;

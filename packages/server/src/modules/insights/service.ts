import type { SpanMetrics, SpanMetricsQuery } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Columnar } from "../../platform/columnar/port.ts";
import { scoresOf, type Traces, whereSpans } from "../traces/index.ts";
import { createExportStore } from "./export/export-store.ts";
import { createExports } from "./export/write-export.ts";
import { measureSpans } from "./measure-spans.ts";
import { createMetricsStore } from "./metrics-store.ts";
import { createSqlConsole } from "./sql/run-sql.ts";
import { createSqlStore } from "./sql/sql-store.ts";

type Deps = {
  readonly columnar: Columnar;
  readonly clock: Clock;
  readonly log: Log;
  readonly traces: Pick<Traces, "listTraces">;
};

/** Questions about many spans at once. */
export function createInsights({ columnar, clock, log, traces }: Deps) {
  const store = createMetricsStore(columnar, scoresOf);
  const sql = createSqlConsole({ store: createSqlStore(columnar), clock, log });
  return {
    measure: (scope: Scope, query: SpanMetricsQuery, signal: AbortSignal): Promise<SpanMetrics> =>
      measureSpans({ store, whereSpans }, { projectId: scope.projectId, query, signal }),
    /** One statement that reads; throws `invalid_request` for any other, and says what is wrong with it. */
    runSql: (scope: Scope, { sql: text, limit }: { sql: string; limit: number }, signal: AbortSignal) =>
      sql.run(scope.projectId, { sql: text, limit, signal }),
    sqlSchema: (_scope: Scope) => sql.schema(),
    exports: createExports({
      store: createExportStore(columnar),
      clock,
      whereSpans,
      listTraces: (scope, query) => traces.listTraces(scope, query),
    }),
  };
}
export type Insights = ReturnType<typeof createInsights>;

import type { SpanDetail, SpanFilter } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { wholeList } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { hideProbes } from "../filter/hide-probes.ts";
import { createContentsStore, keyOf } from "./contents-store.ts";
import { createConversationStore } from "./conversation-store.ts";
import { createDetailStore } from "./detail-store.ts";
import { createOverviewStore, type OverviewQuery } from "./overview-store.ts";
import { createSessionStore } from "./session-store.ts";
import { lacksPreview, withLogPreviews, withLogs } from "./show-logs.ts";
import { createSpanStore, type SpanPageQuery, type ValueField } from "./store.ts";
import { createTraceSpanStore } from "./trace-spans-store.ts";
import { createTraceStore } from "./trace-store.ts";
import { createTraceTotalsStore, type TraceTotalsQuery } from "./trace-totals-store.ts";

type PageQuery = SpanFilter & { limit: number; cursor?: string };

/** All that can be asked about recorded spans. */
export function createTraceReads(columnar: Columnar) {
  const spans = createSpanStore(columnar);
  const traces = createTraceStore(columnar);
  const conversations = createConversationStore(columnar);
  const whole = createTraceSpanStore(columnar);
  const details = createDetailStore(columnar);
  const contents = createContentsStore(columnar);
  const sessions = createSessionStore(columnar);
  const overviews = createOverviewStore(columnar);
  const traceTotals = createTraceTotalsStore(columnar);
  return {
    async list(scope: Scope, query: SpanPageQuery) {
      const { items, nextCursor } = await spans.listPage(scope.projectId, hideProbes(query));
      // Only a call has messages that its sender may have put into logs.
      const bare = items.filter((span) => span.kind === "generation" && lacksPreview(span));
      const bySpan = await contents.previewSpans(scope.projectId, bare);
      const shown = items.map((span) => withLogPreviews(span, bySpan.get(keyOf(span))));
      return { items: shown, nextCursor };
    },
    async listTraces(scope: Scope, query: PageQuery) {
      const { items, nextCursor } = await traces.listPage(scope.projectId, hideProbes(query));
      const bare = items.filter(lacksPreview).map(({ traceId }) => traceId);
      const byTrace = await contents.previewTraces(scope.projectId, bare);
      return { items: items.map((trace) => withLogPreviews(trace, byTrace.get(trace.traceId))), nextCursor };
    },
    async get(scope: Scope, traceId: string) {
      const { spans: found, isCut } = await whole.list(scope.projectId, traceId);
      if (found.length === 0) throw notFound("trace", traceId);
      const bare = found.filter(({ input, output }) => input === null || output === null);
      const logContents = await contents.listOfSpans(scope.projectId, {
        traceId,
        spanIds: bare.map(({ spanId }) => spanId),
      });
      return { traceId, isCut, spans: found.map((span) => withLogs(span, logContents.get(span.spanId))) };
    },
    async outline(scope: Scope, traceId: string) {
      const outline = await details.readOutline(scope.projectId, traceId);
      if (!outline) throw notFound("trace", traceId);
      return outline;
    },
    async getSpan(scope: Scope, ids: { traceId: string; spanId: string }): Promise<SpanDetail> {
      const [span, scores, bySpan] = await Promise.all([
        details.findSpan(scope.projectId, ids),
        details.listScores(scope.projectId, ids),
        contents.listOfSpans(scope.projectId, { traceId: ids.traceId, spanIds: [ids.spanId, ""] }),
      ]);
      if (!span) throw notFound("span", ids.spanId);
      // Values for the whole trace belong to its root span.
      const isRoot = span.parentSpanId === "";
      const ownScores = scores.filter(({ spanId }) => spanId === ids.spanId || (isRoot && spanId === ""));
      const spanContents = [...(bySpan.get(ids.spanId) ?? []), ...((isRoot && bySpan.get("")) || [])];
      return { ...withLogs(span, spanContents), scores: ownScores, contents: spanContents };
    },
    listSessions: (scope: Scope, query: PageQuery) => sessions.listSessions(scope.projectId, hideProbes(query)),
    listUsers: (scope: Scope, query: PageQuery) => sessions.listUsers(scope.projectId, hideProbes(query)),
    /** A page of a session's traces, oldest first, with the session's totals. */
    async getSession(scope: Scope, sessionId: string, page: { limit: number; cursor?: string }) {
      const session = await sessions.findSession(scope.projectId, sessionId);
      if (!session) throw notFound("session", sessionId);
      return { session, ...(await conversations.listPage(scope.projectId, sessionId, page)) };
    },
    async values(scope: Scope, query: { field: ValueField; prefix?: string; from?: string; to?: string }) {
      return wholeList(await spans.listValues(scope.projectId, query));
    },
    async overview(scope: Scope, query: OverviewQuery) {
      checkPeriod(query);
      return overviews.read(scope.projectId, hideProbes(query));
    },
    async traceTotals(scope: Scope, query: TraceTotalsQuery) {
      checkPeriod(query);
      return traceTotals.read(scope.projectId, hideProbes(query));
    },
  };
}

function checkPeriod({ from, to }: { readonly from: string; readonly to: string }): void {
  if (Date.parse(to) <= Date.parse(from))
    throw new AppError("invalid_request", { message: "`to` must be later than `from`.", details: { field: "to" } });
}
export type TraceReads = ReturnType<typeof createTraceReads>;

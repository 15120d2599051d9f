import type { Span, SpanContent, SpanDetail, SpanFilter } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Columnar } from "../../platform/columnar/port.ts";
import { createConversationStore } from "./conversation-store.ts";
import { createDetailStore } from "./detail-store.ts";
import { readLogMessages } from "./dialects/index.ts";
import { createOverviewStore, type OverviewQuery } from "./overview-store.ts";
import { createSessionStore } from "./session-store.ts";
import { createSpanStore, type SpanPageQuery, type ValueField } from "./store.ts";
import { createTraceStore } from "./trace-store.ts";

/** Some senders write what was said as log records beside the span, which may come before it or after. */
function withLogs<Shown extends Pick<Span, "input" | "output">>(span: Shown, contents: readonly SpanContent[] = []) {
  if (contents.length === 0) return span;
  const { input, output } = readLogMessages(contents);
  return { ...span, input: span.input ?? input ?? null, output: span.output ?? output ?? null };
}

type PageQuery = SpanFilter & { limit: number; cursor?: string };

/** All that can be asked about recorded spans. */
export function createTraceReads(columnar: Columnar) {
  const spans = createSpanStore(columnar);
  const traces = createTraceStore(columnar);
  const conversations = createConversationStore(columnar);
  const details = createDetailStore(columnar);
  const sessions = createSessionStore(columnar);
  const overviews = createOverviewStore(columnar);
  return {
    list: (scope: Scope, query: SpanPageQuery) => spans.listPage(scope.projectId, query),
    listTraces: (scope: Scope, query: PageQuery) => traces.listPage(scope.projectId, query),
    async get(scope: Scope, traceId: string) {
      const [found, contents] = await Promise.all([
        spans.listTrace(scope.projectId, traceId),
        details.listContents(scope.projectId, [traceId]),
      ]);
      if (found.length === 0) throw notFound("trace", traceId);
      return { traceId, spans: found.map((span) => withLogs(span, contents.get(span.spanId))) };
    },
    async outline(scope: Scope, traceId: string) {
      const outline = await details.readOutline(scope.projectId, traceId);
      if (!outline) throw notFound("trace", traceId);
      return outline;
    },
    async getSpan(scope: Scope, ids: { traceId: string; spanId: string }): Promise<SpanDetail> {
      const [span, scores, contents] = await Promise.all([
        details.findSpan(scope.projectId, ids),
        details.listScores(scope.projectId, ids.traceId),
        details.listContents(scope.projectId, [ids.traceId]),
      ]);
      if (!span) throw notFound("span", ids.spanId);
      const ownScores = scores.filter((score) => score.spanId === ids.spanId);
      const said = contents.get(ids.spanId) ?? [];
      return { ...withLogs(span, said), scores: ownScores, contents: said };
    },
    listSessions: (scope: Scope, query: PageQuery) => sessions.listSessions(scope.projectId, query),
    listUsers: (scope: Scope, query: PageQuery) => sessions.listUsers(scope.projectId, query),
    /** A page of a session's traces, oldest first, beside what the session is in all. */
    async getSession(scope: Scope, sessionId: string, page: { limit: number; cursor?: string }) {
      const session = await sessions.findSession(scope.projectId, sessionId);
      if (!session) throw notFound("session", sessionId);
      return { session, ...(await conversations.listPage(scope.projectId, sessionId, page)) };
    },
    async values(scope: Scope, query: { field: ValueField; prefix?: string; from?: string; to?: string }) {
      return { items: await spans.listValues(scope.projectId, query) };
    },
    async overview(scope: Scope, query: OverviewQuery) {
      if (Date.parse(query.to) <= Date.parse(query.from))
        throw new AppError("invalid_request", { message: "`to` must be later than `from`.", details: { field: "to" } });
      return overviews.read(scope.projectId, query);
    },
  };
}

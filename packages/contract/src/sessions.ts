import { z } from "zod";
import { PageQuery, pageOf } from "./pages.ts";
import { defineApi } from "./route.ts";
import { TraceSummary } from "./spans.ts";
import { SpanFilter } from "./traces.ts";

const Totals = z.object({
  traceCount: z.number(),
  spanCount: z.number(),
  errorCount: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number().nullable(),
  firstTime: z.string().describe("When its first span began."),
  lastTime: z.string().describe("When its last span began."),
});

export const SessionSummary = Totals.extend({
  sessionId: z.string(),
  userId: z.string(),
  models: z.array(z.string()),
});
export type SessionSummary = z.infer<typeof SessionSummary>;

/** One turn of a conversation: a trace with what went into it and what came out. */
export const SessionTrace = TraceSummary.extend({ input: z.unknown(), output: z.unknown() });
export type SessionTrace = z.infer<typeof SessionTrace>;

export const UserSummary = Totals.extend({ userId: z.string(), sessionCount: z.number() });
export type UserSummary = z.infer<typeof UserSummary>;

export const sessionsApi = defineApi({
  "GET /api/v1/sessions": {
    name: "listSessions",
    summary: "Sessions that have a span which matches the filter, the last active first",
    permission: "traces:read",
    query: PageQuery.extend(SpanFilter.shape),
    response: pageOf(SessionSummary),
  },
  "GET /api/v1/sessions/:sessionId": {
    name: "getSession",
    summary: "A session's traces in the order they began, with what went in and what came out",
    permission: "traces:read",
    params: z.object({ sessionId: z.string().min(1).max(500) }),
    query: PageQuery,
    response: pageOf(SessionTrace).extend({ session: SessionSummary }),
  },
  "GET /api/v1/users": {
    name: "listUsers",
    summary: "Users that have a span which matches the filter, the last active first",
    permission: "traces:read",
    query: PageQuery.extend(SpanFilter.shape),
    response: pageOf(UserSummary),
  },
});

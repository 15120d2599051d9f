import { z } from "zod";
import { content } from "../content.ts";
import { PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import { TraceSummary } from "./spans.ts";
import { SpanFilter } from "./traces.ts";

/** Sums over the whole traces of a session or user that have a span which matches the filter. */
const Totals = z.object({
  traceCount: z.number(),
  spanCount: z.number().describe("All spans of these traces, except spans that name another session or user."),
  errorCount: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number().nullable(),
  firstTime: z.string().describe("When its first span started."),
  lastTime: z.string().describe("When its last span started."),
});

export const SessionSummary = Totals.extend({
  sessionId: z.string(),
  userId: z.string(),
  models: z.array(z.string()),
});
export type SessionSummary = z.infer<typeof SessionSummary>;

/** One turn of a conversation: a trace with its input and output. */
export const SessionTrace = TraceSummary.extend({ input: content(z.unknown()), output: content(z.unknown()) });
export type SessionTrace = z.infer<typeof SessionTrace>;

export const UserSummary = Totals.extend({ userId: z.string(), sessionCount: z.number() });
export type UserSummary = z.infer<typeof UserSummary>;

export const sessionsApi = defineApi({
  "GET /api/v1/sessions": {
    name: "listSessions",
    summary: "Sessions with a matching span, most recently active first",
    permission: "traces:read",
    query: PageQuery.extend(SpanFilter.shape),
    response: pageOf(SessionSummary),
  },
  "GET /api/v1/sessions/:sessionId": {
    name: "getSession",
    summary: "The traces of a session in order of their start, with inputs and outputs",
    permission: "traces:read",
    params: z.object({ sessionId: z.string().min(1).max(500) }),
    query: PageQuery,
    response: pageOf(SessionTrace).extend({ session: SessionSummary }),
  },
  "GET /api/v1/users": {
    name: "listUsers",
    summary: "Users with a matching span, most recently active first",
    permission: "traces:read",
    query: PageQuery.extend(SpanFilter.shape),
    response: pageOf(UserSummary),
  },
});

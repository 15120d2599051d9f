import type { SpanInput } from "@treadle/contract";
import { writeTrace } from "./make-trace.ts";

const SYSTEM =
  "You are the support agent of a bicycle shop. Answer from the handbook, cite it, and never promise a date that a tool did not give.";
const QUESTION =
  "My Treadle Tourer’s rear wheel came with a broken spoke. Order 48213. Can I get a new wheel before Saturday, and what does it cost me?";
const text = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
const call = (id: string, name: string, given: object) => ({
  role: "assistant",
  finish_reason: "tool_calls",
  parts: [{ type: "tool_call", id, name, arguments: given }],
});
const result = (id: string, response: unknown) => ({
  role: "tool",
  parts: [{ type: "tool_call_response", id, response }],
});

const DOCUMENTS = [
  {
    id: "handbook-41",
    score: 0.912,
    content:
      "Spokes and rims that break within 24 months are replaced free of charge. The customer keeps the bicycle; the wheel is sent ahead of the return.",
    metadata: { title: "Handbook, section 4.1: warranty of wheels", page: 41 },
  },
  {
    id: "handbook-17",
    score: 0.774,
    content:
      "Express delivery is possible for parts in stock when the order is confirmed before 14:00. It arrives on the second working day.",
    metadata: { title: "Handbook, section 1.7: delivery", page: 17 },
  },
  {
    id: "forum-9",
    score: 0.391,
    content: "Someone asked whether a spoke can be replaced at home. ".repeat(80),
    metadata: { title: "Forum, thread 9" },
  },
] as const;
const ORDER = { orderId: 48213, model: "Tourer 28", bought: "2026-03-02", warrantyUntil: "2028-03-02", isPaid: true };
const FINAL =
  "You are covered: **spokes that break within 24 months are replaced free of charge** (handbook 4.1), so the wheel costs you nothing.\n\nI could not reserve express delivery just now, since the stock service did not answer. Order before 14:00 and it arrives on the second working day (handbook 1.7).";

type Options = { readonly isFailing?: boolean; readonly beganAt?: number };

/** A typical agent trace: retrieval, tool calls of which one fails twice, and an answer. */
export function agentTrace(
  name: string,
  { isFailing = false, beganAt = Date.now() - 60_000 }: Options = {},
): readonly SpanInput[] {
  const { spans, add } = writeTrace(name, beganAt);
  const model = {
    kind: "generation",
    provider: "openai",
    requestModel: "gpt-4o",
    responseModel: "gpt-4o-2024-08-06",
  } as const;
  const opening = [text("system", SYSTEM), text("user", QUESTION)];
  const first = call("call_1", "find_order", { orderId: 48213 });
  const second = call("call_2", "check_stock", { part: "rear wheel 28", size: '28"' });
  const soFar = [...opening, first, result("call_1", ORDER), second, result("call_2", { error: "upstream timed out" })];

  add("request", "", {
    at: 0,
    for: 6_480,
    name: "POST /v1/support/messages",
    attributes: { "http.request.method": "POST", "http.response.status_code": 200, "url.path": "/v1/support/messages" },
  });
  add("agent", "request", {
    at: 12,
    for: 6_440,
    kind: "agent",
    name: "support-agent",
    userId: "ada@example.org",
    sessionId: "chat-48213",
    tags: ["support", "eu"],
    input: QUESTION,
    output: FINAL,
  });
  add("embed", "agent", {
    at: 40,
    for: 110,
    kind: "embedding",
    name: "embed question",
    provider: "openai",
    requestModel: "text-embedding-3-small",
    inputTokens: 31,
    costUsd: 0.00000062,
  });
  add("retrieve", "agent", {
    at: 160,
    for: 240,
    kind: "retrieval",
    name: "search handbook",
    input: { query: "broken spoke warranty express delivery", top_k: 3 },
    output: { documents: DOCUMENTS },
  });
  add("sql", "retrieve", {
    at: 170,
    for: 96,
    name: "SELECT chunks ORDER BY embedding <=> $1",
    service: "vectors",
    attributes: { "db.system.name": "postgresql", "db.query.summary": "SELECT chunks" },
  });
  add("rerank", "agent", {
    at: 410,
    for: 180,
    kind: "rerank",
    name: "rerank",
    provider: "cohere",
    requestModel: "rerank-v3.5",
    output: { documents: DOCUMENTS.slice(0, 2) },
  });
  add("plan", "agent", {
    ...model,
    at: 610,
    for: 900,
    name: "chat gpt-4o",
    input: opening,
    output: [first],
    inputTokens: 612,
    outputTokens: 24,
    timeToFirstTokenMs: 340,
    costUsd: 0.00177,
    parameters: { temperature: 0.2, max_tokens: 800 },
    scopeName: "@opentelemetry/instrumentation-openai",
    dialect: "gen-ai",
  });
  add("find_order", "agent", { at: 1_530, for: 320, kind: "tool", input: { orderId: 48213 }, output: ORDER });
  add("orders", "find_order", { at: 1_540, for: 280, name: "GET /orders/48213", service: "orders" });
  add("choose", "agent", {
    ...model,
    at: 1_870,
    for: 760,
    name: "chat gpt-4o",
    input: [...opening, first, result("call_1", ORDER)],
    output: [second],
    inputTokens: 702,
    outputTokens: 31,
    cachedInputTokens: 512,
    timeToFirstTokenMs: 290,
    costUsd: 0.00142,
  });
  add("check_stock", "agent", {
    at: 2_650,
    for: 2_050,
    kind: "tool",
    status: "error",
    errorType: "ToolError",
    errorMessage: "check_stock failed after 2 tries: upstream timed out",
    input: { part: "rear wheel 28" },
  });
  for (const [index, at] of [2_660, 3_680].entries())
    add(`stock ${index + 1}`, "check_stock", {
      at,
      for: 1_000,
      name: "GET /stock/rear-wheel-28",
      service: "stock",
      status: "error",
      errorType: "TimeoutError",
      errorMessage: "The stock service did not answer within 1,000 ms.",
      events: [
        {
          name: "exception",
          time: new Date(beganAt + at + 1_000).toISOString(),
          attributes: { "exception.type": "TimeoutError", "exception.message": "connect timed out after 1000 ms" },
        },
      ],
    });
  add("guard", "agent", {
    at: 4_720,
    for: 130,
    kind: "guardrail",
    name: "promises",
    output: { isAllowed: true, reasons: [] },
  });
  add("answer", "agent", {
    ...model,
    at: 4_870,
    for: 1_560,
    name: "chat gpt-4o",
    input: soFar,
    output: isFailing ? [] : [{ ...text("assistant", FINAL), finish_reason: "stop" }],
    inputTokens: 834,
    outputTokens: isFailing ? 0 : 118,
    timeToFirstTokenMs: 410,
    costUsd: 0.00326,
    ...(isFailing && {
      status: "error",
      errorType: "content_filter",
      errorMessage: "The answer was cut by the provider’s content filter.",
    }),
  });
  add("judge", "agent", {
    at: 6_436,
    for: 12,
    kind: "evaluator",
    name: "is it grounded?",
    output: { score: 0.94, label: "grounded" },
  });
  return spans;
}

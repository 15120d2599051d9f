// Lists the calls of the last day with their cost, by model. The client is typed from the contract.
import { createClient } from "@treadle/sdk";

const { call } = createClient({
  baseUrl: process.env.TREADLE_URL ?? "http://127.0.0.1:4747",
  apiKey: process.env.TREADLE_API_KEY,
});

const DAY_MS = 86_400_000;
const now = Date.now();
const { totals, models } = await call("GET /api/v1/overview", {
  query: { from: new Date(now - DAY_MS).toISOString(), to: new Date(now).toISOString() },
});

console.log(`${totals.requests} calls, ${totals.errors} failed, $${totals.costUsd.toFixed(4)}`);
for (const { model, requests, inputTokens, outputTokens, latencyP95Ms } of models)
  console.log(
    `${model}: ${requests} calls, ${inputTokens} + ${outputTokens} tokens, p95 ${latencyP95Ms?.toFixed(0) ?? "unknown"} ms`,
  );

const { items } = await call("GET /api/v1/spans", { query: { limit: 1, order: "durationMs" } });
for (const span of items) console.log(`slowest: ${span.name}, ${span.durationMs.toFixed(0)} ms, trace ${span.traceId}`);

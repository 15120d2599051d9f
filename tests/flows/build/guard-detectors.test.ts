import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

const PATIENCE = { timeout: 60_000, interval: 100 };
let treadle: SharedTreadle;
let provider: Awaited<ReturnType<typeof startProvider>>;
let call: Client["call"];
let policyId = "";

beforeAll(async () => {
  provider = await startProvider();
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: {
      slug: "helper",
      preset: "vllm",
      baseUrl: provider.baseUrl,
      models: ["m", "safe", "judge"],
      maxRetries: 0,
      keys: [{ value: "sk-helper" }],
    },
  });
}, 300_000);
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
});

type Rule = { detector: string; [field: string]: unknown };

async function use(...rules: readonly Rule[]): Promise<void> {
  const body = { name: "Answers", rules: rules as never };
  if (policyId === "") ({ policyId } = await call("POST /api/v1/guard-policies", { body }));
  else await call("PUT /api/v1/guard-policies/:policyId", { params: { policyId }, body });
  provider.seen.length = 0;
}

async function ask(content: string, more: object = {}) {
  const response = await fetch(`${treadle.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "helper/m", messages: [{ role: "user", content }], ...more }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}
const answerOf = ({ text }: { text: string }) => JSON.parse(text).choices[0];
const contentOf = (stream: string) =>
  [...stream.matchAll(/^data: (\{.*)$/gm)]
    .map(([, json]) => JSON.parse(json ?? "{}").choices[0]?.delta?.content ?? "")
    .join("");

async function spanOf(headers: Headers) {
  const traceId = headers.get("x-treadle-trace-id") ?? "";
  const spanId = headers.get("x-treadle-span-id") ?? "";
  return vi.waitFor(() => call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId } }), PATIENCE);
}

test("an answer that must be JSON is repaired, asked for again, or withheld, plain and streamed", async () => {
  const schema = { type: "object", required: ["city"], properties: { city: { type: "string" } } };
  await use({ detector: "json-schema", action: "reask", options: { schema } });
  for (const stream of [false, true]) {
    const repaired = await ask("fenced", { stream });
    expect(stream ? contentOf(repaired.text) : answerOf(repaired).message.content).toBe('{"city": "Rome"}');
    const again = await ask("prose first", { stream });
    expect(stream ? contentOf(again.text) : answerOf(again).message.content).toBe('{"city":"Oslo"}');
    expect((await spanOf(again.headers)).attributes).toMatchObject({
      "treadle.guard.action": "allow",
      "treadle.guard.reask": { kinds: ["invalid-json"], input_tokens: 3, output_tokens: 4 },
    });
    const withheld = await ask("prose", { stream });
    expect(withheld.text).toContain("content_filter");
    expect(withheld.text).not.toContain("no JSON");
  }
}, 120_000);

test("a policy for tools withholds other calls", async () => {
  const tools = [{ name: "pay", arguments: { properties: { amount: { maximum: 10 } } } }];
  await use({ detector: "tool-policy", action: "block", options: { tools } });
  for (const stream of [false, true]) {
    expect((await ask("call pay 5", { stream })).text).toContain('\\"amount\\":5');
    for (const other of ["call pay 50", "call delete 1"]) {
      const { text } = await ask(other, { stream });
      expect(text).toContain("content_filter");
      expect(text).not.toMatch(/amount|delete/);
    }
  }
}, 120_000);

test("an answer must agree with the results of tools", async () => {
  await use({ detector: "groundedness", action: "redact" });
  const messages = [
    { role: "user", content: "How old is the mill?" },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c", type: "function", function: { name: "find", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "c", content: "The mill was founded in 1871." },
    { role: "user", content: "say: The mill was founded in 1872." },
  ];
  expect(answerOf(await ask("", { messages })).message.content).toBe("The mill was founded in [UNGROUNDED_NUMBER].");
});

test("texts in another language are found offline", async () => {
  await use({ detector: "language", action: "block", scopes: ["user"], options: { allowed: ["en"] } });
  expect((await ask("Please tell me how the weather will be in the mountains tomorrow.")).status).toBe(200);
  const { status, text } = await ask("Bitte sagen Sie mir, wie das Wetter morgen in den Bergen wird.");
  expect([status, JSON.parse(text).error.message]).toEqual([400, expect.stringContaining("language")]);
});

test("a moderation service is asked through a connection, and sees no personal data", async () => {
  await use(
    { detector: "moderation", action: "block", budgetMs: 20_000, options: { connection: "helper" } },
    { detector: "personal-data", action: "mask", options: { groups: ["email"] } },
  );
  expect((await ask("hateful words of ann@example.com")).status).toBe(400);
  const moderated = provider.seen.filter(({ url }) => url.endsWith("/moderations"));
  expect(moderated.map(({ body }) => JSON.parse(body).input)).toEqual(["hateful words of <EMAIL_1>"]);
  expect((await ask("kind words")).status).toBe(200);
});

test("a judge is a call of its own, which no policy applies to", async () => {
  const options = { model: "helper/judge", question: "Does the text ask for legal advice?", kind: "legal-advice" };
  await use({ detector: "judge", action: "block", scopes: ["user"], budgetMs: 20_000, options });
  const { status, text, headers } = await ask("May I sue my landlord?");
  expect([status, JSON.parse(text).error.message]).toEqual([400, expect.stringContaining("legal-advice")]);
  expect(provider.seen).toHaveLength(1);
  expect((await spanOf(headers)).attributes).toMatchObject({ "treadle.guard.action": "block" });
  expect((await ask("Good morning")).status).toBe(200);
  expect(provider.seen).toHaveLength(3);
});

test("a request with personal data goes to another model", async () => {
  const groups = ["card"];
  await use({ detector: "personal-data", action: "reroute", target: "helper/safe", options: { groups } });
  const { headers } = await ask("Is 5555 5555 5555 4444 valid?");
  expect(headers.get("x-treadle-model")).toBe("helper/safe");
  expect((await ask("Hello")).headers.get("x-treadle-model")).toBe("helper/m");
  await expect(use({ detector: "secrets", action: "reroute", target: "nowhere" })).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining('no model "nowhere"'),
  });
});

type Asked = { stream?: boolean; model?: string; input?: string; messages?: { role: string; content: string }[] };

/** What the model says to a question. After the note of a guard it gives JSON. */
function textFor({ model, messages = [] }: Asked): string {
  const question = messages.at(-1)?.content ?? "";
  if (model === "judge") return JSON.stringify({ verdict: question.includes("sue") ? "yes" : "no", score: 0.9 });
  if (question === "fenced") return '```json\n{"city": "Rome",}\n```';
  if (question === "prose first")
    return messages[0]?.content.includes("A check rejected") ? '{"city":"Oslo"}' : "This is no JSON.";
  if (question === "prose") return "This is no JSON.";
  return question.startsWith("say: ") ? question.slice(5) : "Fine.";
}

function callFor({ messages = [] }: Asked): object[] | null {
  const [, name, amount] = /^call (\w+) (\d+)$/.exec(messages.at(-1)?.content ?? "") ?? [];
  const args = JSON.stringify({ amount: Number(amount) });
  return name ? [{ index: 0, id: "c", type: "function", function: { name, arguments: args } }] : null;
}

/** A provider with models, and with a moderation service that finds hate. */
async function startProvider() {
  const seen: { url: string; body: string }[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const url = request.url ?? "";
    if (request.method === "POST") seen.push({ url, body });
    const asked: Asked = JSON.parse(body || "{}");
    const sendJson = (value: object) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (url.endsWith("/models")) return sendJson({ object: "list", data: [{ id: "m", object: "model" }] });
    if (url.endsWith("/moderations")) {
      const hate = asked.input?.includes("hateful") ? 0.9 : 0.1;
      return sendJson({ results: [{ categories: { hate: hate > 0.5 }, category_scores: { hate } }] });
    }
    const calls = callFor(asked);
    const message = calls ? { content: null, tool_calls: calls } : { content: textFor(asked) };
    const head = { id: "chatcmpl-1", created: 1, model: asked.model ?? "m" };
    const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
    const choice = { index: 0, finish_reason: calls ? "tool_calls" : "stop" };
    if (asked.stream !== true) {
      const choices = [{ ...choice, message: { role: "assistant", ...message } }];
      return sendJson({ ...head, object: "chat.completion", choices, usage });
    }
    const events = [
      { ...head, choices: [{ index: 0, delta: message, finish_reason: null }] },
      { ...head, choices: [{ ...choice, delta: {} }] },
      { ...head, choices: [], usage },
    ];
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    seen,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

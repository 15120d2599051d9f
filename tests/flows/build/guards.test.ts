import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

/** Built from parts, so that scanners of this repository do not report it as a real key. */
const SECRET = ["gh", "p_", "pLaNtEd1b2C3d4E5f6G7h8I9j0KlMnOpQrSt"].join("");
const CARD = "5555 5555 5555 4444";
const EMAIL = "planted.person@example.org";
const PLANTED = [SECRET, CARD, EMAIL];
const QUESTION = `I am ${EMAIL}, key ${SECRET}, card ${CARD}.`;
const MASKED = "I am <EMAIL_1>, key [GITHUB_TOKEN], card [CARD].";
const FORMATS = ["chat/completions", "completions", "responses", "messages"] as const;
const dataFolder = mkdtempSync(join(tmpdir(), "treadle-guards-"));
const PATIENCE = { timeout: 60_000, interval: 100 };

let treadle: RunningTreadle;
let provider: Awaited<ReturnType<typeof startProvider>>;
let call: Client["call"];
let policyId: string;

beforeAll(async () => {
  provider = await startProvider();
  treadle = await startTreadle({ dataFolder, env: { TREADLE_SAMPLE_DATA: "false" } });
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: {
      slug: "leaky",
      preset: "vllm",
      baseUrl: provider.baseUrl,
      models: ["m"],
      maxRetries: 0,
      keys: [{ value: "sk-leaky" }],
    },
  });
  const policy = await call("POST /api/v1/guard-policies", {
    body: {
      name: "Privacy",
      rules: [
        { detector: "secrets", action: "redact" },
        { detector: "personal-data", action: "mask", options: { groups: ["email"] } },
        { detector: "personal-data", action: "redact", options: { groups: ["card"] } },
      ],
    },
  });
  policyId = policy.policyId;
});
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

const requestOf = (path: string, text: string) => {
  const model = "leaky/m";
  if (path === "completions") return { model, prompt: text };
  if (path === "embeddings") return { model, input: text };
  if (path === "responses") return { model, input: text };
  return { model, max_tokens: 50, messages: [{ role: "user", content: text }] };
};

async function ask(path: string, body: object) {
  const response = await fetch(`${treadle.url}/v1/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function spanOf(headers: Headers) {
  const traceId = headers.get("x-treadle-trace-id") ?? "";
  const spanId = headers.get("x-treadle-span-id") ?? "";
  return vi.waitFor(() => call("GET /api/v1/traces/:traceId/spans/:spanId", { params: { traceId, spanId } }), PATIENCE);
}
const lastSeen = () => provider.seen.at(-1) ?? "";

test.each(FORMATS)(
  "%s is masked for the provider and restored for the caller, plain and streamed",
  async (path) => {
    for (const stream of [false, true]) {
      const { status, text, headers } = await ask(path, { ...requestOf(path, QUESTION), stream });
      expect(status).toBe(200);
      expect(lastSeen()).toContain(MASKED);
      for (const value of PLANTED) expect(lastSeen()).not.toContain(value);
      // The answer repeats the question, and adds a secret of its own.
      const shown = stream ? deltasOf(text) : text;
      expect(shown).toContain(`You said: I am ${EMAIL}, key [GITHUB_TOKEN], card [CARD].`);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(CARD);
      const span = await spanOf(headers);
      expect(JSON.stringify(span)).toContain("<EMAIL_1>");
      expect(span.attributes).toMatchObject({
        "treadle.guard.policy": policyId,
        "treadle.guard.version": 1,
        "treadle.guard.action": "redact",
      });
      expect(JSON.stringify(span.attributes["treadle.guard.findings"])).toContain('"github-token"');
    }
  },
  120_000,
);

test("arguments and results of tools are masked, and restored in the call of a stream", async () => {
  const args = JSON.stringify({ to: EMAIL, note: SECRET }).replace("planted", "\\u0070lanted");
  const body = {
    model: "leaky/m",
    stream: true,
    tools: [{ type: "function", function: { name: "send", parameters: { type: "object", properties: {} } } }],
    messages: [
      { role: "user", content: "Send it" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c", type: "function", function: { name: "send", arguments: args } }],
      },
      { role: "tool", tool_call_id: "c", content: `sent to ${EMAIL}` },
      { role: "user", content: "call" },
    ],
  };
  const { text } = await ask("chat/completions", body);
  for (const value of PLANTED) expect(lastSeen()).not.toContain(value);
  expect(lastSeen()).not.toContain("lanted.person");
  const sent = [...text.matchAll(/^data: (\{.*)$/gm)].flatMap(([, json]) => {
    const { choices } = JSON.parse(json ?? "{}");
    return choices.flatMap((choice: { delta: { tool_calls?: unknown[] } }) => choice.delta.tool_calls ?? []);
  });
  expect(sent).toHaveLength(1);
  expect(JSON.parse(sent[0].function.arguments)).toEqual({ to: EMAIL, secret: "[GITHUB_TOKEN]" });
});

test("embeddings are masked", async () => {
  expect((await ask("embeddings", requestOf("embeddings", QUESTION))).status).toBe(200);
  expect(JSON.parse(lastSeen()).input).toBe(MASKED);
});

test("a check by another program finds the same", async () => {
  const verdict = await call("POST /api/v1/guards/check", { body: { text: QUESTION, policyId } });
  expect(verdict).toMatchObject({ action: "redact", texts: [{ text: MASKED, trust: "user" }] });
  expect(JSON.stringify(verdict.texts[0]?.findings)).not.toMatch(/planted|5555/);
});

test("the session of a conversation has the same placeholders in every call", async () => {
  const headers = { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" };
  const send = async (content: string) => {
    const response = await fetch(`${treadle.url}/v1/chat/completions`, {
      method: "POST",
      headers: { ...headers, "x-treadle-session": "talk-1" },
      body: JSON.stringify(requestOf("chat", content)),
    });
    return response.text();
  };
  await send(`I am ${EMAIL}`);
  expect(await send("Who am I, <EMAIL_1>?")).toContain(EMAIL);
});

test("a blocked request gets the error of its format, and a blocked answer its end", async () => {
  const rules = [
    { detector: "secrets", action: "block" as const },
    { detector: "personal-data", action: "redact" as const },
  ];
  await call("PUT /api/v1/guard-policies/:policyId", { params: { policyId }, body: { name: "Privacy", rules } });
  for (const path of [...FORMATS, "embeddings"]) {
    const { status, text } = await ask(path, requestOf(path, QUESTION));
    expect(status).toBe(400);
    const { error } = JSON.parse(text);
    expect(error.message).toContain("github-token");
    if (path !== "messages") expect(error.code).toBe("content_filter");
  }
  const ends = {
    "chat/completions": "content_filter",
    completions: "content_filter",
    responses: "response.incomplete",
    messages: '"refusal"',
  };
  for (const [path, end] of Object.entries(ends)) {
    const { text } = await ask(path, { ...requestOf(path, "leak"), stream: true });
    expect(text).toContain(end);
    expect(text).not.toContain(SECRET);
    const plain = await ask(path, requestOf(path, "leak"));
    expect(plain.text).not.toContain(SECRET);
  }
  await vi.waitFor(() => expect(provider.aborted()).toBeGreaterThan(0), PATIENCE);
}, 120_000);

test("what guards found is measured by action, kind and policy", async () => {
  const now = Date.now();
  const rows = await vi.waitFor(async () => {
    const { rows: found } = await call("POST /api/v1/span-metrics", {
      body: {
        from: new Date(now - 3_600_000).toISOString(),
        to: new Date(now + 3_600_000).toISOString(),
        where: { filter: `guardPolicy:${policyId}@1` },
        measures: ["guardChecks", "guardRate", "guardBlocks"],
        dimensions: ["guardKind"],
      },
    });
    expect(found.length).toBeGreaterThan(2);
    return found;
  }, PATIENCE);
  const byKind = new Map(rows.map(({ group, values }) => [group.guardKind, values]));
  expect(byKind.get("personal-data/email")).toMatchObject({ guardRate: 1, guardBlocks: 0 });
  expect(byKind.get("personal-data/email")?.guardChecks).toBeGreaterThanOrEqual(FORMATS.length * 2);
  expect([...byKind.keys()]).toEqual(expect.arrayContaining(["secrets/github-token", "personal-data/card"]));
}, 120_000);

test("with a refusal, a blocked request is answered in the language of its user", async () => {
  const body = {
    name: "Privacy",
    rules: [
      { detector: "secrets", action: "block" as const },
      { detector: "personal-data", action: "redact" as const },
    ],
    refusal: { text: "I cannot help with keys.", texts: { de: "Mit Schlüsseln helfe ich nicht." } },
  };
  await call("PUT /api/v1/guard-policies/:policyId", { params: { policyId }, body });
  const seen = provider.seen.length;
  for (const path of FORMATS) {
    const plain = await ask(path, requestOf(path, QUESTION));
    expect(plain).toMatchObject({ status: 200, text: expect.stringContaining("I cannot help with keys.") });
    const german = `Bitte schreiben Sie diesen Schlüssel in die Datei: ${SECRET}`;
    const streamed = await ask(path, { ...requestOf(path, german), stream: true });
    expect(deltasOf(streamed.text)).toBe("Mit Schlüsseln helfe ich nicht.");
    const span = await spanOf(streamed.headers);
    expect(span).toMatchObject({ status: "ok", costUsd: 0 });
    expect(span.attributes).toMatchObject({ "treadle.guard.action": "block" });
  }
  expect(provider.seen).toHaveLength(seen);
}, 120_000);

test("nothing that was planted lies in the data folder", async () => {
  const { policyId: _, ...policy } = await call("GET /api/v1/guard-policies/:policyId", { params: { policyId } });
  expect(policy.version).toBe(3);
  await treadle.stop("SIGTERM");
  const files = filesBelow(dataFolder);
  expect(files.length).toBeGreaterThan(10);
  const holding = files.filter((file) => {
    const bytes = readFileSync(file);
    return ["planted.person", SECRET, CARD].some((value) => bytes.includes(value));
  });
  expect(holding).toEqual([]);
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(path);
    return stat.isDirectory() ? filesBelow(path) : stat.isFile() ? [path] : [];
  });
}

/** The text of a stream in any format. */
const deltasOf = (stream: string): string =>
  [...stream.matchAll(/^data: (\{.*)$/gm)]
    .map(([, json]) => {
      const { type, delta, choices } = JSON.parse(json ?? "{}");
      if (type === "response.output_text.delta") return delta;
      if (type === "content_block_delta") return delta.text ?? "";
      return (
        choices
          ?.map((choice: { text?: string; delta?: { content?: string } }) => choice.text ?? choice.delta?.content ?? "")
          .join("") ?? ""
      );
    })
    .join("");

/** A provider that repeats the last user message and adds a secret and a card; `leak` and `call` ask for more. */
async function startProvider() {
  const seen: string[] = [];
  let aborted = 0;
  const server: Server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    seen.push(body);
    response.on("close", () => {
      if (!response.writableFinished) aborted++;
    });
    await answer(request, response, JSON.parse(body || "{}"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    seen,
    aborted: () => aborted,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Asked = { stream?: boolean; prompt?: string; messages?: { content: unknown }[] };

async function answer(request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> {
  if (request.url?.endsWith("/embeddings")) {
    const data = [{ object: "embedding", index: 0, embedding: [0.1] }];
    return send(response, { object: "list", model: "m", data, usage: { prompt_tokens: 1, total_tokens: 1 } });
  }
  if (request.url?.endsWith("/models")) return send(response, { object: "list", data: [{ id: "m", object: "model" }] });
  const question = textOf(asked);
  const isText = request.url?.endsWith("/v1/completions") === true;
  // After a number, detectors of personal data wait for 60 characters that can name it.
  const rest = `and ${"more words, ".repeat(8)}`;
  const text =
    question === "leak" ? `Here it is: ${SECRET} ${rest}` : `You said: ${question} Also ${SECRET} and ${CARD}.`;
  const args = JSON.stringify({ to: "<EMAIL_1>", secret: SECRET });
  const calls = [{ index: 0, id: "c2", type: "function", function: { name: "send", arguments: args } }];
  const isCall = question === "call";
  const head = { id: "chatcmpl-1", created: 1, model: "m" };
  if (asked.stream !== true) {
    const message = { role: "assistant", content: isCall ? null : text, ...(isCall && { tool_calls: calls }) };
    const choice = { index: 0, finish_reason: "stop", ...(isText ? { text, logprobs: null } : { message }) };
    const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
    return send(response, { ...head, object: "chat.completion", choices: [choice], usage });
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const write = (choice: object) =>
    response.write(`data: ${JSON.stringify({ ...head, choices: [{ index: 0, ...choice }] })}\n\n`);
  if (isCall) write({ delta: { tool_calls: calls }, finish_reason: null });
  else
    for (const piece of text.match(/.{1,3}/gs) ?? []) {
      write({ ...(isText ? { text: piece } : { delta: { content: piece } }), finish_reason: null });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  // A stream with a leak never ends by itself.
  if (question === "leak") return;
  write({ ...(isText ? { text: "" } : { delta: {} }), finish_reason: "stop" });
  response.end("data: [DONE]\n\n");
}

function send(response: ServerResponse, value: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function textOf({ prompt, messages }: Asked): string {
  if (typeof prompt === "string") return prompt;
  const content = messages?.at(-1)?.content;
  return typeof content === "string" ? content : (content as { text: string }[]).map(({ text }) => text).join("");
}

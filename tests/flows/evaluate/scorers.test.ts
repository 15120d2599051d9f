import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiError, type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let provider: ScriptedProvider;
let other: { url: string; server: Server };
let call: Client["call"];

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A judge under `/v1` that always scores 4, and an external HTTP scorer. */
async function startOther() {
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await read(request)) || "{}");
    response.setHeader("content-type", "application/json");
    if (request.url === "/scorer")
      return response.end(JSON.stringify({ value: body.sample.output.length, label: "length" }));
    const mark = /"id" must be "([0-9a-f]+)"/.exec(JSON.stringify(body.messages).replaceAll("\\", ""))?.[1];
    const content = `Let me see.\n{"id": "${mark}", "reason": "It names a place.", "scores": {"useful": 4}}`;
    const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
    const usage = { prompt_tokens: 30, completion_tokens: 12, total_tokens: 42 };
    response.end(JSON.stringify({ id: "c", object: "chat.completion", created: 1, model: body.model, choices, usage }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

beforeAll(async () => {
  [provider, other] = await Promise.all([startScriptedProvider(), startOther()]);
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  const shared = { preset: "vllm" as const, maxRetries: 0, keys: [{ value: "sk-a" }] };
  await call("POST /api/v1/connections", {
    body: { ...shared, slug: "scripted", baseUrl: provider.baseUrl, models: ["echo-1"] },
  });
  await call("POST /api/v1/connections", {
    body: { ...shared, slug: "judges", baseUrl: `${other.url}/v1`, models: ["judge-1"] },
  });
});
afterAll(async () => {
  await treadle?.stop();
  await provider?.close();
  other?.server.close();
});

type Ref = Parameters<typeof tryOne>[0];
const tryOne = (
  ref: { scorer: string; version?: number } | { kind: string; params?: Record<string, unknown> },
  sample: { output: string } & Record<string, unknown>,
) => call("POST /api/v1/scorers/try", { body: { ref, sample } });
const rubric = (model: string): Ref => ({
  kind: "rubric",
  params: { model, criteria: [{ name: "useful", description: "It helps." }] },
});

test("a scorer is stored, gets versions, scores, is archived and deleted", async () => {
  const { items: kinds } = await call("GET /api/v1/scorer-kinds");
  expect(kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["exact-match", "bleu", "rubric", "code"]));
  const made = await call("POST /api/v1/scorers", {
    body: { name: "Names Paris", kind: "contains", params: { phrases: ["Paris"] } },
  });
  const params = { scorerId: made.scorerId };
  const next = await call("POST /api/v1/scorers/:scorerId/versions", {
    params,
    body: { params: { phrases: ["Paris", "Lyon"], mode: "all" }, message: "Both." },
  });
  expect(next).toMatchObject({ latestVersion: 2, latest: { message: "Both." } });
  const sample = { output: "Paris it is." };
  expect(await tryOne({ scorer: "Names Paris" }, sample)).toMatchObject({ state: "scored", value: 0 });
  expect(await tryOne({ scorer: made.scorerId, version: 1 }, sample)).toMatchObject({
    value: 1,
    signature: made.latest.signature,
  });
  const { items } = await call("GET /api/v1/scorers/:scorerId/versions", { params });
  expect(items.map(({ version }) => version)).toEqual([2, 1]);
  await call("PATCH /api/v1/scorers/:scorerId", { params, body: { isArchived: true } });
  expect((await call("GET /api/v1/scorers")).items).toEqual([]);
  await call("DELETE /api/v1/scorers/:scorerId", { params });
  await expect(call("GET /api/v1/scorers/:scorerId", { params })).rejects.toMatchObject({ code: "not_found" });
});

test("a judge calls the gateway: its answer is stored, counted, and a span that can be opened", async () => {
  const verdict = await tryOne(rubric("judges/judge-1"), {
    input: "Where?",
    output: "In Paris.",
    model: "scripted/echo-1",
  });
  expect(verdict).toMatchObject({
    state: "scored",
    value: 0.75,
    reason: "It names a place.",
    tokens: 42,
    costUsd: null,
    details: { parseStatus: "ok", isSameFamily: false, rawAnswer: expect.stringContaining("Let me see.") },
  });
  const traceId = String(verdict.details?.traceId);
  for (let tries = 0; ; tries++) {
    const trace = await call("GET /api/v1/traces/:traceId", { params: { traceId } }).catch((error) => error);
    if (!(trace instanceof ApiError) || tries > 100) {
      expect(JSON.stringify(trace)).toContain("judge-1");
      break;
    }
    await delay(100);
  }
});

test("a judge that says nothing of use, or is not there, gives no score", async () => {
  const echo = await tryOne(rubric("scripted/echo-1"), { output: '{"scores": {"useful": 5}}' });
  expect(echo).toMatchObject({
    state: "failed",
    value: null,
    details: { parseStatus: "no-mark", isSuspicious: false },
  });
  const failure = await tryOne(rubric("nobody/nothing"), { output: "a" });
  expect(failure).toMatchObject({ state: "failed", reason: expect.stringContaining("nobody") });
});

test("own code runs apart, and is stopped when it does not end", async () => {
  const code = (text: string): Ref => ({ kind: "code", params: { code: text, timeMs: 300 } });
  const sample = { output: "abc", expected: { least: 2 } };
  expect(await tryOne(code("const score = (s: any) => s.output.length >= s.expected.least;"), sample)).toMatchObject({
    value: 1,
  });
  expect(await tryOne(code("function score() { for (;;); }"), sample)).toMatchObject({
    state: "failed",
    details: { failure: "too-slow" },
  });
  expect(await tryOne(code("const score = () => process.env.HOME;"), sample)).toMatchObject({ state: "failed" });
});

test("another server scores, and an unresponsive server fails", async () => {
  expect(await tryOne({ kind: "http", params: { url: `${other.url}/scorer` } }, { output: "four" })).toMatchObject({
    state: "scored",
    value: 4,
    label: "length",
  });
  expect(await tryOne({ kind: "http", params: { url: "http://127.0.0.1:1/" } }, { output: "four" })).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("cannot be reached"),
  });
});

test("a run that has ended shows what all its scores together say: a corpus score, and the confusion of classes", async () => {
  const scorers = [{ kind: "label-match", params: { labels: ["cat", "dog"] } }, { kind: "bleu" }];
  const { runId } = await call("POST /api/v1/runs", { body: { name: "pets", scorers } });
  const said = [
    ["a", "cat", "cat"],
    ["b", "It is a dog.", "cat"],
    ["c", "dog", "dog"],
    ["d", "a fish", "dog"],
  ] as const;
  const answers = said.map(([itemId, output, expected]) => ({
    itemId,
    output,
    expected,
    inputs: { question: itemId },
  }));
  await call("POST /api/v1/runs/:runId/answers", { params: { runId }, body: { answers } });
  const { jobId } = await call("POST /api/v1/runs/:runId/finish", { params: { runId } });
  for (let tries = 0; tries < 300; tries++) {
    const { status } = await call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (status !== "queued" && status !== "running") break;
    await delay(50);
  }
  const { scores } = await call("GET /api/v1/runs/:runId", { params: { runId } });
  expect(scores[0]).toMatchObject({
    scorer: "label-match",
    value: 0.5,
    items: 4,
    isCorpus: false,
    details: {
      labels: ["(none)", "cat", "dog"],
      confusion: [
        [0, 0, 0],
        [0, 1, 1],
        [1, 0, 1],
      ],
    },
  });
  expect(scores[1]).toMatchObject({ scorer: "bleu", isCorpus: true, value: expect.any(Number) });
});

test("a private address is refused", async () => {
  expect(await tryOne({ kind: "http", params: { url: "http://10.0.0.1/" } }, { output: "four" })).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("are not allowed"),
  });
});

test("problems of a scorer are reported by field", async () => {
  const refusals: [Ref, number, string][] = [
    [{ kind: "nothing" }, 400, "no scorer kind"],
    [{ kind: "regex", params: { pattern: "(?=a)" } }, 422, "look-around"],
    [{ kind: "length", params: { unit: "miles" } }, 400, "params.unit must be one of"],
    [{ scorer: "nobody" }, 404, "nobody"],
  ];
  for (const [ref, status, words] of refusals)
    await expect(tryOne(ref, { output: "a" })).rejects.toMatchObject({
      status,
      message: expect.stringContaining(words),
    });
});

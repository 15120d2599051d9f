import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { UsablePrompt } from "@treadle/contract";
import { afterEach, expect, test } from "vitest";
import { createPrompts, PromptError } from "./index.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const promptOf = (version: number, template = `Hello {{name}} from ${version}`): UsablePrompt => ({
  promptId: "prompt_1",
  name: "greet/hello",
  version,
  labels: ["production"],
  message: "",
  author: "Ada",
  createdAt: "2026-01-01T00:00:00.000Z",
  contentHash: String(version),
  type: "text",
  template,
  format: "mustache",
  inputs: null,
  model: null,
  parameters: {},
  tools: [],
  responseFormat: null,
  included: {},
});

/** A server whose prompt can be changed, and which can go away; and a clock that a test moves. */
async function world({ prompt = promptOf(1), status = 200 }: { prompt?: UsablePrompt; status?: number } = {}) {
  const state = { prompt, status, now: 1_000_000 };
  const asked: { url: string; tag: string | undefined }[] = [];
  const problems: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const tag = request.headers["if-none-match"];
    asked.push({ url: request.url ?? "", tag });
    const etag = `"${state.prompt.version}"`;
    response.setHeader("content-type", "application/json");
    if (state.status !== 200) {
      response.writeHead(state.status).end(JSON.stringify({ error: { code: "unavailable", message: "Not now." } }));
    } else if (tag === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag }).end(JSON.stringify(state.prompt));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close().closeAllConnections());
  const prompts = createPrompts({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: "tr_test",
    freshMs: 1_000,
    timeoutMs: 2_000,
    onProblem: (message) => problems.push(message),
    now: () => state.now,
  });
  const settled = (count: number) => expect.poll(() => asked.length).toBe(count);
  return { state, asked, problems, prompts, settled, stop: () => server.close().closeAllConnections() };
}

test("a prompt is loaded once for all who wait for it, by its label, and then given from memory", async () => {
  const { asked, prompts } = await world();
  const all = await Promise.all(Array.from({ length: 20 }, () => prompts.get("greet/hello")));
  expect(new Set(all).size).toBe(1);
  expect(await prompts.get("greet/hello")).toBe(all[0]);
  expect(asked).toEqual([{ url: "/api/v1/prompts/greet%2Fhello?label=production", tag: undefined }]);
  await prompts.get("greet/hello", { version: 3 });
  expect(asked[1]?.url).toBe("/api/v1/prompts/greet%2Fhello?version=3");
});

test("a stale prompt is returned immediately and refreshed in the background, once for all callers", async () => {
  const { state, asked, prompts, settled } = await world();
  await prompts.get("greet/hello");
  state.prompt = promptOf(2);
  state.now += 1_001;
  const old = await Promise.all([prompts.get("greet/hello"), prompts.get("greet/hello")]);
  expect(old.map(({ version }) => version)).toEqual([1, 1]);
  await expect.poll(() => prompts.peek("greet/hello")?.version).toBe(2);
  await settled(2);
  expect(asked[1]?.tag).toBe('"1"');
});

test("a prompt that the server reports as unchanged is reused and fresh again", async () => {
  const { state, prompts, settled } = await world();
  const first = await prompts.get("greet/hello");
  state.now += 1_001;
  expect(await prompts.refresh("greet/hello")).toBe(first);
  state.now += 900;
  await prompts.get("greet/hello");
  await settled(2);
});

test("a program continues with cached prompts when the server is unavailable, retries after a pause, and is notified once", async () => {
  const { state, asked, problems, prompts } = await world();
  await prompts.get("greet/hello");
  state.status = 503;
  state.now += 1_001;
  expect((await prompts.get("greet/hello")).version).toBe(1);
  // Joins the load that the line above began, and so ends when it has failed.
  expect((await prompts.refresh("greet/hello")).version).toBe(1);
  expect(problems).toEqual(['treadle: the prompt "greet/hello" is given as it was last seen: Not now.']);
  expect(asked).toHaveLength(2);
  state.now += 1_001;
  await prompts.get("greet/hello");
  await prompts.refresh("greet/hello");
  expect(asked).toHaveLength(3);
  // The second pause is longer.
  state.now += 1_001;
  await prompts.get("greet/hello");
  state.status = 200;
  state.prompt = promptOf(5);
  state.now += 1_001;
  await prompts.get("greet/hello");
  await expect.poll(() => prompts.peek("greet/hello")?.version).toBe(5);
  expect(asked).toHaveLength(4);
  expect(problems).toHaveLength(1);
});

test("a fallback is given while there is no server, and the prompt once there is one", async () => {
  const { state, problems, prompts } = await world({ status: 503 });
  await expect(prompts.get("greet/hello")).rejects.toMatchObject({ code: "unavailable", status: 503 });
  const fallback = { type: "text", template: "Hi {{name}}" } as const;
  const given = await prompts.get("greet/hello", { fallback });
  expect(given).toMatchObject({ isFallback: true, version: 0, headers: {} });
  expect(given.fill({ name: "Ada" })).toMatchObject({ text: "Hi Ada", model: null, parameters: {} });
  expect(problems[0]).toContain("its fallback is given: Not now.");
  state.status = 200;
  state.now += 60_001;
  await prompts.get("greet/hello", { fallback });
  await expect.poll(() => prompts.peek("greet/hello")).toMatchObject({ isFallback: false, version: 1 });
});

test("a fallback that another caller gave is no answer to one who gave none", async () => {
  const { prompts } = await world({ status: 503 });
  await prompts.get("greet/hello", { fallback: { type: "text", template: "x" } });
  await expect(prompts.get("greet/hello")).rejects.toMatchObject({ status: 503 });
});

test("a version is never asked for again, unless it includes another prompt by a label", async () => {
  const { state, prompts, settled } = await world();
  await prompts.get("greet/hello", { version: 1 });
  state.now += 1_000_000;
  await prompts.get("greet/hello", { version: 1 });
  await settled(1);
  state.prompt = { ...promptOf(1), included: { "shared/tone@production": 4 } };
  prompts.clear();
  await prompts.get("greet/hello", { version: 1 });
  state.now += 1_000_000;
  await prompts.get("greet/hello", { version: 1 });
  await settled(3);
});

test("a server that says nothing is not waited for longer than was asked", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  closers.push(() => silent.close().closeAllConnections());
  const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const prompts = createPrompts({ baseUrl, apiKey: "tr_test", timeoutMs: 50, onProblem: () => undefined });
  await expect(prompts.get("greet/hello")).rejects.toThrow(/timeout/i);
  const { isFallback } = await prompts.get("greet/hello", { fallback: { type: "text", template: "x" } });
  expect(isFallback).toBe(true);
});

test("reading from memory takes less than five microseconds", async () => {
  const { prompts } = await world();
  await prompts.get("greet/hello");
  const rounds = [];
  for (let round = 0; round < 20; round += 1) {
    const startedAt = performance.now();
    for (let at = 0; at < 2_000; at += 1) await prompts.get("greet/hello", { label: "production" });
    rounds.push(((performance.now() - startedAt) * 1_000) / 2_000);
  }
  // The best of many rounds: others use this machine, too.
  expect(Math.min(...rounds)).toBeLessThan(5);
});

test("a wrong input is refused with its place", async () => {
  const inputs = {
    type: "object",
    properties: { name: { type: "string" }, tone: { enum: ["warm", "dry"] }, count: { type: ["integer", "null"] } },
    required: ["name"],
    additionalProperties: false,
  };
  const { prompts } = await world({ prompt: { ...promptOf(1), inputs } });
  const prompt = await prompts.get("greet/hello");
  const refused = (given: object, says: string) => expect(() => prompt.fill({ ...given })).toThrow(new RegExp(says));
  refused({}, "inputs.name: is missing");
  refused({ name: 3 }, "inputs.name: must be string");
  refused({ name: "x", tone: "loud" }, 'inputs.tone: must be one of "warm", "dry"');
  refused({ name: "x", count: 1.5 }, "inputs.count: must be integer or null");
  refused({ name: "x", other: 1 }, "inputs.other: is not an input of this prompt");
  expect(prompt.fill({ name: "Ada", count: null, tone: undefined }).text).toBe("Hello Ada from 1");
});

test("a chat prompt is filled in with the messages that come with the inputs", async () => {
  const { template: _, ...rest } = { template: "", ...promptOf(1) };
  const messages = [
    { role: "system" as const, content: "You help {{customer.name}}." },
    { placeholder: "history" },
    { role: "user" as const, content: "{{question}}" },
  ];
  const { prompts } = await world({ prompt: { ...rest, type: "chat", messages, parameters: { temperature: 0 } } });
  const prompt = await prompts.get("greet/hello");
  const history = [{ role: "user", content: "Hello" }];
  const inputs = { customer: { name: "Ada" }, question: "Why?", history };
  expect(prompt.fill(inputs)).toMatchObject({
    text: null,
    messages: [{ role: "system", content: "You help Ada." }, ...history, { role: "user", content: "Why?" }],
    parameters: { temperature: 0 },
  });
  expect(prompt.fill({ question: "Why?" }).messages).toHaveLength(2);
  expect(() => prompt.fill({ history: "x" })).toThrow("inputs.history: must be a list of messages");
  expect(() => prompt.fill({ history: [{}] })).toThrow(PromptError);
});

test("Liquid and Jinja are the server's to fill in", async () => {
  const { prompts } = await world({ prompt: { ...promptOf(1), format: "liquid" } });
  const prompt = await prompts.get("greet/hello");
  expect(() => prompt.fill({})).toThrow(/only the server fills in; use prompts.render/);
});

test("the gateway can be informed of the version from which a call was rendered", async () => {
  const { prompts } = await world();
  expect((await prompts.get("greet/hello")).headers).toEqual({ "x-treadle-prompt": "greet%2Fhello@1" });
});

test("a prompt cannot be changed for those who get it next", async () => {
  const { prompts } = await world();
  const prompt = await prompts.get("greet/hello");
  expect(() => Object.assign(prompt, { version: 9 })).toThrow(TypeError);
});

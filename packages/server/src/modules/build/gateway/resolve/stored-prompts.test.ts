import type { PromptUse, RenderedPrompt } from "@treadle/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { createArraySink } from "../testing/array-sink.ts";
import { connectionTo, openTestGateway, SCOPE, type TestGateway } from "../testing/open-gateway.ts";
import { type ScriptedUpstream, sendJson, startUpstream } from "../testing/scripted-upstream.ts";
import type { AnyBody } from "./fill-prompt.ts";

const TOOL = { type: "function", function: { name: "look_up", description: "Finds", parameters: { type: "object" } } };
const FORMAT = {
  type: "json_schema",
  json_schema: { name: "answer", schema: { type: "object", properties: { a: { type: "string" } } } },
};
const stored: RenderedPrompt = {
  name: "support/answer",
  version: 3,
  text: null,
  messages: [
    { role: "system", content: "Be kind." },
    { role: "user", content: "What is {{this}}?" },
  ],
  model: "openai/gpt-4o",
  parameters: { temperature: 0.2, max_tokens: 50, stop: "END", reasoning_effort: "low" },
  tools: [TOOL],
  responseFormat: FORMAT,
};

let open: TestGateway;
let upstream: ScriptedUpstream;
let rendered: RenderedPrompt;
const asked: PromptUse[] = [];
const prompt = { name: "support/answer", version: 3, inputs: { a: 1 } };

beforeAll(async () => {
  const fillPrompt = async (_scope: unknown, use: PromptUse) => {
    asked.push(use);
    if (use.name === "missing") throw notFound("prompt", use.name);
    if (use.name === "typed") throw new AppError("invalid_request", { message: "inputs.name: is missing." });
    return rendered;
  };
  open = await openTestGateway({ random: () => 0, fillPrompt });
});
afterAll(() => open.close());
beforeEach(async () => {
  rendered = stored;
  asked.length = 0;
  upstream = await startUpstream();
  open.connect(connectionTo(upstream.url));
  open.name();
});
afterEach(() => upstream.close());

/** A chat that leaves no span, since it is refused before it is a call. */
function refused(request: AnyBody, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const { sink } = createArraySink();
  const signal = new AbortController().signal;
  const bytes = Buffer.from(JSON.stringify(request));
  return open.gateway.chat({
    scope: SCOPE,
    body: request,
    bytes,
    headers,
    signal,
    requestId: "r",
    sink,
    setHeader() {},
  });
}
const sent = () => JSON.parse(upstream.received[0]?.body ?? "null");

describe("a stored prompt in a chat", () => {
  test("fills in messages, model, parameters, tools and format, and the span and the answer name its version", async () => {
    const { state } = await open.ask("chat", { prompt });
    expect(asked).toEqual([prompt]);
    expect(sent()).toEqual({
      model: "gpt-4o",
      messages: stored.messages,
      temperature: 0.2,
      max_tokens: 50,
      stop: "END",
      reasoning_effort: "low",
      tools: [TOOL],
      response_format: FORMAT,
    });
    expect(state.headers["x-treadle-prompt"]).toBe("support%2Fanswer@3");
    expect(await open.span()).toMatchObject({
      promptName: "support/answer",
      promptVersion: "3",
      requestModel: "openai/gpt-4o",
      parameters: { temperature: 0.2 },
      attributes: { "gen_ai.prompt.name": "support/answer", "gen_ai.prompt.version": "3" },
      input: [{ role: "system" }, { role: "user", parts: [{ content: "What is {{this}}?" }] }],
    });
  });

  test("yields to the request's own fields, and precedes its messages", async () => {
    const own = { role: "user", content: "And now?" };
    const request = { prompt, model: "openai/gpt-5", temperature: 1, max_completion_tokens: 9, messages: [own] };
    await open.ask("chat", request);
    expect(sent()).toMatchObject({ model: "gpt-5", temperature: 1, max_completion_tokens: 9 });
    expect(sent().max_tokens).toBeUndefined();
    expect(sent().messages).toEqual([...stored.messages, own]);
    await open.span();
  });

  test("is cached by its content", async () => {
    const headers = { "x-treadle-cache": "60" };
    await open.ask("chat", { prompt }, { headers });
    await open.span();
    const hit = await open.ask("chat", { prompt }, { headers });
    expect(hit.state.headers["x-treadle-cache"]).toBe("hit");
    expect(await open.span()).toMatchObject({ isCacheHit: true, promptVersion: "3" });
    rendered = { ...stored, version: 4, messages: [{ role: "user", content: "Other" }] };
    await open.ask("chat", { prompt }, { headers });
    expect(upstream.received).toHaveLength(2);
    await open.span();
  });
});

test("in the responses format it becomes items and parameters of that format", async () => {
  rendered = {
    ...stored,
    messages: [
      ...stored.messages,
      { role: "assistant", content: null, tool_calls: [{ id: "c1", function: { name: "look_up", arguments: "{}" } }] },
      { role: "tool", tool_call_id: "c1", content: "found" },
    ],
  };
  upstream.next.push((response) =>
    sendJson(response, 200, { id: "resp_1", object: "response", output: [], status: "completed" }),
  );
  await open.ask("responses", { prompt, input: "And now?" });
  expect(upstream.received[0]?.url).toBe("/v1/responses");
  expect(sent()).toEqual({
    model: "gpt-4o",
    input: [
      ...stored.messages,
      { type: "function_call", call_id: "c1", name: "look_up", arguments: "{}" },
      { type: "function_call_output", call_id: "c1", output: "found" },
      { role: "user", content: "And now?" },
    ],
    temperature: 0.2,
    max_output_tokens: 50,
    reasoning: { effort: "low" },
    tools: [{ type: "function", ...TOOL.function }],
    text: { format: { type: "json_schema", ...FORMAT.json_schema } },
  });
  expect(await open.span()).toMatchObject({ promptName: "support/answer", promptVersion: "3" });
});

test("in Anthropic's format its system messages precede the request's own system prompt", async () => {
  open.connect(connectionTo(upstream.url, { slug: "anthropic", provider: "anthropic", preset: "anthropic" }));
  rendered = { ...stored, model: "anthropic/claude-x" };
  const answer = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-x",
    content: [],
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  upstream.next.push((response) => sendJson(response, 200, answer));
  await open.ask("messages", { prompt, system: "Be brief.", messages: [{ role: "user", content: "And now?" }] });
  expect(sent()).toMatchObject({
    model: "claude-x",
    max_tokens: 50,
    temperature: 0.2,
    stop_sequences: ["END"],
    system: [
      { type: "text", text: "Be kind." },
      { type: "text", text: "Be brief." },
    ],
    messages: [
      { role: "user", content: [{ type: "text", text: "What is {{this}}?" }] },
      { role: "user", content: "And now?" },
    ],
    tools: [{ name: "look_up", description: "Finds", input_schema: { type: "object" } }],
    output_config: { format: { type: "json_schema", schema: FORMAT.json_schema.schema } },
  });
  expect(await open.span()).toMatchObject({ promptName: "support/answer", promptVersion: "3" });
});

describe("invalid combinations", () => {
  const refusals: readonly [AnyBody, Partial<RenderedPrompt>, object][] = [
    [{ prompt: { ...prompt, name: "missing" } }, {}, { code: "not_found" }],
    [{ prompt: { ...prompt, name: "typed" } }, {}, { code: "invalid_request", message: "inputs.name: is missing." }],
    [
      { prompt },
      { model: null },
      {
        code: "unprocessable",
        message: expect.stringContaining("model is set neither by the request nor by the prompt"),
      },
    ],
    [
      { prompt },
      { parameters: { temperature: "hot" } },
      {
        code: "unprocessable",
        message: expect.stringContaining('version 3 of the prompt "support/answer" filled in: temperature must be'),
      },
    ],
  ];
  test.each(refusals)(
    "%j with %j is reported to the caller without a call to a provider",
    async (request, changes, error) => {
      rendered = { ...stored, ...changes };
      await expect(refused(request)).rejects.toMatchObject(error);
      expect(upstream.received).toHaveLength(0);
    },
  );

  test("OpenAI's own stored prompts pass through to it", async () => {
    const own = { model: "openai/gpt-4o", input: "Hi", prompt: { id: "pmpt_1", version: "2" } };
    upstream.next.push((response) =>
      sendJson(response, 200, { id: "resp_1", object: "response", output: [], status: "completed" }),
    );
    await open.ask("responses", own);
    expect(sent().prompt).toEqual(own.prompt);
    expect(asked).toEqual([]);
    expect(await open.span()).toMatchObject({ promptName: "", promptVersion: "" });
  });
});

describe("a stored prompt from another part of the program", () => {
  test("fills in what the request leaves out, and the span and the answer name its version", async () => {
    const own = { role: "user", content: "And now?" };
    const latest = { name: "support/answer", label: "production", inputs: { a: 1 } };
    const completion = await open.complete({ prompt: latest, temperature: 1, messages: [own] });
    expect(asked).toEqual([latest]);
    expect(completion.prompt).toEqual({ name: "support/answer", version: "3" });
    expect(sent()).toMatchObject({ model: "gpt-4o", temperature: 1, max_tokens: 50, tools: [TOOL] });
    expect(sent().messages).toEqual([...stored.messages, own]);
    expect(await open.span()).toMatchObject({
      spanId: completion.spanId,
      promptName: "support/answer",
      promptVersion: "3",
    });
  });

  test("is null when the request names none", async () => {
    const { prompt: none } = await open.complete({
      model: "openai/gpt-4o",
      messages: [{ role: "user", content: "Hi" }],
    });
    expect(none).toBeNull();
    expect(await open.span()).toMatchObject({ promptName: "", promptVersion: "" });
  });

  test("is rejected before any attempt when it is missing or the request stays incomplete", async () => {
    const signal = new AbortController().signal;
    const complete = (use: PromptUse) => open.gateway.complete(SCOPE, { prompt: use }, signal);
    await expect(complete({ ...prompt, name: "missing" })).rejects.toMatchObject({ code: "not_found" });
    rendered = { ...stored, model: null };
    await expect(complete(prompt)).rejects.toMatchObject({ code: "unprocessable", details: { param: "model" } });
    expect(upstream.received).toHaveLength(0);
  });
});

describe("a stored prompt in a token count", () => {
  const count = (body: AnyBody) => {
    const caller = { bytes: Buffer.from(JSON.stringify(body)), signal: new AbortController().signal };
    return open.gateway.countTokens(SCOPE, body, caller);
  };
  beforeEach(() => {
    open.connect(connectionTo(upstream.url, { slug: "anthropic", provider: "anthropic", preset: "anthropic" }));
    rendered = { ...stored, model: "anthropic/claude-x" };
  });

  test("is counted with the request, without the parameters that are not counted", async () => {
    upstream.next.push((response) => sendJson(response, 200, { input_tokens: 21 }));
    expect(await count({ prompt, messages: [{ role: "user", content: "And now?" }] })).toBe(21);
    expect(upstream.received[0]?.url).toBe("/v1/messages/count_tokens");
    expect(sent()).toEqual({
      model: "claude-x",
      system: [{ type: "text", text: "Be kind." }],
      messages: [
        { role: "user", content: [{ type: "text", text: "What is {{this}}?" }] },
        { role: "user", content: "And now?" },
      ],
      tools: [{ name: "look_up", description: "Finds", input_schema: { type: "object" } }],
      output_config: { format: { type: "json_schema", schema: FORMAT.json_schema.schema } },
    });
  });

  test("is rejected when it is missing or has no model", async () => {
    await expect(count({ prompt: { ...prompt, name: "missing" } })).rejects.toMatchObject({ code: "not_found" });
    rendered = { ...stored, model: null };
    await expect(count({ prompt })).rejects.toMatchObject({ code: "unprocessable", details: { param: "model" } });
    expect(upstream.received).toHaveLength(0);
  });
});

test("a caller that filled in a prompt names it in a header", async () => {
  const request = { model: "openai/gpt-4o", messages: [{ role: "user", content: "Hi" }] };
  await open.ask("chat", request, { headers: { "x-treadle-prompt": `${encodeURIComponent("Grüße/a b")}@12` } });
  expect(await open.span()).toMatchObject({ promptName: "Grüße/a b", promptVersion: "12" });
  for (const header of ["no version", "@3", "a@b", "%@3"])
    await expect(refused(request, { "x-treadle-prompt": header })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("x-treadle-prompt"),
    });
});

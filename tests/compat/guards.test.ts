import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BlockedError, createGuard } from "../../packages/sdk/src/guards/index.ts";
import { openWorld, type World } from "./world.ts";

const EMAIL = "ann.of.the.mill@example.com";
const SAID = `Write to ${EMAIL}, and only to ${EMAIL}.`;
const MASKED = "Write to <EMAIL_1>, and only to <EMAIL_1>.";
const MODEL = "scripted/echo-1";

let world: World;
let openai: OpenAI;
let anthropic: Anthropic;
let asked: number;
beforeAll(async () => {
  world = await openWorld({ withLocalModel: false });
  const { call, treadle } = world;
  const { key, apiKeyId } = await call("POST /api/v1/api-keys", {
    body: { name: "masked", permissions: ["gateway:use"] },
  });
  await call("POST /api/v1/guard-policies", {
    body: {
      name: "Masks of a key",
      appliesTo: { keyId: apiKeyId },
      rules: [{ detector: "personal-data", action: "mask", options: { groups: ["email"] } }],
    },
  });
  openai = new OpenAI({ baseURL: `${treadle.url}/v1`, apiKey: key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: treadle.url, apiKey: key, maxRetries: 0 });
});
afterAll(() => world?.close());
beforeEach(() => {
  asked = world.provider.seen.length;
});

/** What the provider got since the test began. */
const sent = () => JSON.stringify(world.provider.seen.slice(asked).map(({ body }) => body));
function expectMasked() {
  expect(sent()).toContain("<EMAIL_1>");
  expect(sent()).not.toContain(EMAIL);
}

describe("openai under a policy that masks", () => {
  const messages = [{ role: "user" as const, content: SAID }];
  const tools = [
    {
      type: "function" as const,
      function: { name: "send", parameters: { type: "object", properties: { message: { type: "string" } } } },
    },
  ];

  test("a chat is answered with the values, plain and streamed", async () => {
    const plain = await openai.chat.completions.create({ model: MODEL, messages });
    expect(plain.choices[0]?.message.content).toBe(`You said: ${SAID}`);
    const stream = openai.chat.completions.stream({ model: MODEL, messages });
    expect(await stream.finalContent()).toBe(`You said: ${SAID}`);
    expectMasked();
  });

  test("a tool is called with the values, and its result and the next answer are masked and restored", async () => {
    const plain = await openai.chat.completions.create({ model: MODEL, messages, tools });
    const streamed = await openai.chat.completions.stream({ model: MODEL, messages, tools }).finalMessage();
    for (const message of [plain.choices[0]?.message, streamed]) {
      const [called] = message?.tool_calls ?? [];
      if (called?.type !== "function") throw new Error("no function was called");
      expect(JSON.parse(called.function.arguments)).toEqual({ message: SAID });
    }
    const message = plain.choices[0]?.message;
    if (!message?.tool_calls?.[0]) throw new Error("no function was called");
    const last = openai.chat.completions.stream({
      model: MODEL,
      messages: [...messages, message, { role: "tool", tool_call_id: message.tool_calls[0].id, content: SAID }],
    });
    expect(await last.finalContent()).toBe(`You said: ${SAID}`);
    expectMasked();
    expect(sent()).toContain(MASKED);
  });

  test("a response is answered with the values, plain and streamed", async () => {
    const plain = await openai.responses.create({ model: MODEL, input: SAID });
    expect(plain.output_text).toBe(`You said: ${SAID}`);
    const streamed = await openai.responses.stream({ model: MODEL, input: SAID }).finalResponse();
    expect(streamed.output_text).toBe(`You said: ${SAID}`);
    expectMasked();
  });

  test("moderations are checked under the policy of the key, one text or many", async () => {
    const { results } = await openai.moderations.create({ input: [SAID, "The loom is busy."] });
    expect(results).toMatchObject([
      { flagged: true, categories: { "personal-data": true, "personal-data/email": true } },
      { flagged: false, categories: { "personal-data": false } },
    ]);
    const parts = [
      { type: "text" as const, text: SAID },
      { type: "image_url" as const, image_url: { url: "https://example.com/loom.png" } },
    ];
    const whole = await openai.moderations.create({ model: "Masks of a key", input: parts });
    expect(whole.results).toMatchObject([{ flagged: true, category_scores: { "personal-data/email": 1 } }]);
    await expect(openai.moderations.create({ model: "nobody's", input: SAID })).rejects.toThrow(/no guard policy/);
    const other = new OpenAI({ baseURL: `${world.treadle.url}/v1`, apiKey: world.treadle.apiKey, maxRetries: 0 });
    await expect(other.moderations.create({ input: SAID })).rejects.toThrow(/No guard policy applies/);
  });

  test("embeddings are made of masked texts", async () => {
    await openai.embeddings.create({ model: MODEL, input: [SAID] });
    expectMasked();
  });
});

describe("@anthropic-ai/sdk under a policy that masks", () => {
  const ask = { model: MODEL, max_tokens: 200, messages: [{ role: "user" as const, content: SAID }] };
  const tools: Anthropic.Tool[] = [
    { name: "send", input_schema: { type: "object", properties: { message: { type: "string" } } } },
  ];

  test("a message is answered with the values, plain and streamed", async () => {
    for (const answer of [await anthropic.messages.create(ask), await anthropic.messages.stream(ask).finalMessage()])
      expect(answer.content).toMatchObject([{ type: "text", text: `You said: ${SAID}` }]);
    expectMasked();
  });

  test("a tool is called with the values, and its result and the next answer are masked and restored", async () => {
    const called = { ...ask, tools };
    const plain = await anthropic.messages.create(called);
    const streamed = await anthropic.messages.stream(called).finalMessage();
    for (const { content } of [plain, streamed])
      expect(content).toMatchObject([{ type: "tool_use", name: "send", input: { message: SAID } }]);
    const [use] = plain.content;
    if (use?.type !== "tool_use") throw new Error("no tool was used");
    const result = { type: "tool_result" as const, tool_use_id: use.id, content: SAID };
    const last = await anthropic.messages
      .stream({
        ...called,
        messages: [...ask.messages, { role: "assistant", content: plain.content }, { role: "user", content: [result] }],
      })
      .finalMessage();
    expect(last.content).toMatchObject([{ type: "text", text: `You said: ${SAID}` }]);
    expectMasked();
    expect(sent()).toContain(MASKED);
  });
});

const RULES = [
  { detector: "personal-data", action: "redact" as const, options: { groups: ["email"] } },
  { detector: "canary", action: "block" as const, options: { tokens: ["loomshuttle"] } },
];
const LEAK = "The word is loomshuttle.";

describe("the SDKs' own guards", () => {
  test("TypeScript gets the changed text, and an error for a blocked one", async () => {
    const { url: baseUrl, apiKey } = world.treadle;
    const guard = createGuard({ baseUrl, apiKey, rules: RULES });
    expect(await guard.protect(SAID)).toBe("Write to [EMAIL], and only to [EMAIL].");
    expect(await guard.check("The loom is busy.")).toMatchObject({ action: "allow", text: "The loom is busy." });
    await expect(guard.protect(LEAK, { trust: "output" })).rejects.toThrow(BlockedError);
    expect(await guard.check(LEAK, { trust: "output" })).toMatchObject({ text: null, findings: [{ kind: "canary" }] });
    const { texts } = await guard.checkMessages([{ role: "user", content: SAID }]);
    expect(texts).toMatchObject([{ trust: "user", action: "redact" }]);
    await expect(createGuard({ baseUrl, apiKey, policyId: "gpol_none" }).check(SAID)).rejects.toMatchObject({
      status: 404,
    });
  });

  const python = join(import.meta.dirname, ".venv/bin/python");
  test.runIf(existsSync(python))("Python does the same", async () => {
    const program = `
import json, os
from treadle import ApiError, Blocked, Client, Guard

client = Client(os.environ["BASE_URL"], os.environ["API_KEY"])
guard = Guard(client, rules=json.loads(os.environ["RULES"]))
print(guard.protect(os.environ["SAID"]))
try:
    guard.protect(os.environ["LEAK"], trust="output")
except Blocked as error:
    print(error)
try:
    Guard(client, policy_id="gpol_none").check("a")
except ApiError as error:
    print(error.status)
try:
    Guard(client)
except ValueError as error:
    print(error)
`;
    const { stdout } = await promisify(execFile)(python, ["-c", program], {
      env: {
        PATH: process.env.PATH,
        PYTHONPATH: join(import.meta.dirname, "../../packages/python/src"),
        BASE_URL: world.treadle.url,
        API_KEY: world.treadle.apiKey,
        RULES: JSON.stringify(RULES),
        SAID,
        LEAK,
      },
    });
    expect(stdout.trim().split("\n")).toEqual([
      "Write to [EMAIL], and only to [EMAIL].",
      "The text is blocked: canary.",
      "404",
      "Give either `policy_id` for a stored policy, or `rules`.",
    ]);
  });
});

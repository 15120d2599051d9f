import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createModelLimits } from "./model-limits.ts";
import { connectionTo, type OpenGateway, openGateway } from "./testing/open-gateway.ts";
import { type ScriptedUpstream, sendJson, startUpstream } from "./testing/scripted-upstream.ts";
import { TryFailure } from "./try-failure.ts";

const HOUR = 3_600_000;
const failure = (message: string, status = 400) => new TryFailure(message, { kind: "status", status });
const hub = (effort?: string) => ({ model: "m", messages: [], ...(effort && { reasoning_effort: effort }) });

test.each([
  "Unrecognized request argument supplied: reasoning_effort",
  "Unrecognized request argument supplied: reasoning",
  "`reasoning_effort` must be one of `none` or `default`",
  "Model grok does not support parameter reasoningEffort.",
  '{"detail":[{"type":"extra_forbidden","loc":["body","reasoning_effort"],"msg":"Extra inputs are not permitted"}]}',
])("a refusal of the effort is known by its words: %s", (message) => {
  const limits = createModelLimits({ now: () => 0 });
  expect(limits.learn("m", hub("low"), failure(message, 422))).toBe(true);
  expect(limits.fit("m", hub("low"))).toEqual({
    request: hub(),
    warnings: [expect.stringContaining("was left out")],
  });
  expect(limits.fit("other", hub("low"))).toEqual({ request: hub("low"), warnings: [] });
});

test("what is above high is lowered first, for an hour, and other refusals teach nothing", () => {
  let now = 0;
  const limits = createModelLimits({ now: () => now });
  expect(limits.learn("m", hub("max"), failure("Input should be 'low', 'medium' or 'high'"))).toBe(false);
  expect(limits.learn("m", hub("max"), failure("reasoning_effort is wrong", 500))).toBe(false);
  expect(limits.learn("m", hub(), failure("reasoning_effort is wrong"))).toBe(false);
  expect(limits.learn("m", hub("max"), failure("reasoning_effort: input should be 'high'"))).toBe(true);
  expect(limits.fit("m", hub("max"))).toEqual({ request: hub("high"), warnings: [expect.stringContaining("to high")] });
  expect(limits.fit("m", hub("low"))).toEqual({ request: hub("low"), warnings: [] });
  now = HOUR + 1;
  expect(limits.fit("m", hub("max"))).toEqual({ request: hub("max"), warnings: [] });
});

test.each([
  "max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided 32000.",
  "'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 32768 tokens.",
  "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the context window",
  "This model's maximum context length is 4096 tokens. However, you requested 32100 tokens (100 in the messages, 32000 in the completion).",
  "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]: exceeds the limit",
])("more room than a model has is left out of later requests for as much: %s", (message) => {
  const limits = createModelLimits({ now: () => 0 });
  const asked = (tokens: number) => ({ ...hub(), max_tokens: tokens });
  expect(limits.learn("m", asked(32_000), failure(message))).toBe(true);
  expect(limits.fit("m", asked(32_000))).toEqual({
    request: hub(),
    warnings: ["`max_tokens` was left out: the provider refuses 32000 for this model."],
  });
  expect(limits.fit("m", asked(1_000))).toEqual({ request: asked(1_000), warnings: [] });
  expect(limits.learn("m", hub(), failure(message))).toBe(false);
});

describe("through the gateway", () => {
  let open: OpenGateway;
  let upstream: ScriptedUpstream;
  const sent = () => upstream.received.map(({ body }) => JSON.parse(body).reasoning_effort);
  const messages = (effort: string) => ({
    ...{ model: "openai/gpt-4o", max_tokens: 10, messages: [{ role: "user", content: "Hi" }] },
    ...{ thinking: { type: "adaptive" }, output_config: { effort } },
  });
  beforeAll(async () => {
    open = await openGateway({ random: () => 0 });
  });
  afterAll(() => open.close());
  beforeEach(async () => {
    upstream = await startUpstream((response, { body }) => {
      const effort = JSON.parse(body).reasoning_effort;
      if (effort === undefined) return sendJson(response, 200, ANSWER);
      sendJson(response, 400, { error: { message: "Unrecognized request argument supplied: reasoning_effort" } });
    });
    open.connect(connectionTo(upstream.url, { id: `conn_${upstream.url}` }));
    open.name();
  });
  afterEach(async () => {
    await open.spans();
    await upstream.close();
  });
  const ANSWER = {
    ...{ id: "c", object: "chat.completion", created: 1, model: "gpt-4o" },
    choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  };

  test("a model that does not think answers who asks it to, and is asked once the next time", async () => {
    const first = await open.ask("messages", messages("max"));
    expect(sent()).toEqual(["max", "high", undefined]);
    expect(first.json()).toMatchObject({ type: "message", content: [{ text: "Hello" }] });
    expect(first.state.headers["x-treadle-warnings"]).toContain("`reasoning_effort` was left out");
    await open.ask("messages", messages("low"));
    expect(sent()).toHaveLength(4);
  });

  test("who asks in OpenAI's own words is told", async () => {
    const asked = { model: "openai/gpt-4o", messages: [{ role: "user", content: "Hi" }], reasoning_effort: "high" };
    const { state, text } = await open.ask("chat", asked);
    expect([state.status, text()]).toEqual([400, expect.stringContaining("reasoning_effort")]);
    expect(sent()).toEqual(["high"]);
  });
});

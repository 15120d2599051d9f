import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectionTo, openTestGateway, type TestGateway } from "../testing/open-gateway.ts";
import { type ScriptedUpstream, sendJson, startUpstream } from "../testing/scripted-upstream.ts";
import { AttemptFailure } from "./attempt-failure.ts";
import { createModelLimits } from "./model-limits.ts";

const HOUR = 3_600_000;
const failure = (message: string, status = 400) => new AttemptFailure(message, { kind: "status", status });
const hub = (effort?: string) => ({ model: "m", messages: [], ...(effort && { reasoning_effort: effort }) });

const fitted = (request: object, warnings: readonly string[] = []) => ({ request: { ...hub(), ...request }, warnings });
const opened = () => createModelLimits({ now: () => 0 });

test.each([
  "Unrecognized request argument supplied: reasoning_effort",
  "Unrecognized request argument supplied: reasoning",
  "`reasoning_effort` must be one of `none` or `default`",
  "Model grok does not support parameter reasoningEffort.",
  '{"detail":[{"type":"extra_forbidden","loc":["body","reasoning_effort"],"msg":"Extra inputs are not permitted"}]}',
])("a rejected effort is recognised by the message, and only that value is stored: %s", (message) => {
  const limits = opened();
  const without = fitted({}, [expect.stringContaining("was left out")]);
  expect(limits.lower("m", fitted(hub("low")), failure(message, 422))).toEqual(without);
  expect(limits.fit("m", hub("low"))).toEqual(without);
  expect(limits.fit("m", hub("high"))).toEqual(fitted(hub("high")));
  expect(limits.fit("other", hub("low"))).toEqual(fitted(hub("low")));
});

test("an effort above high is lowered first, for an hour, and other errors teach nothing", () => {
  let now = 0;
  const limits = createModelLimits({ now: () => now });
  const lower = (effort: string | undefined, message: string, status?: number) =>
    limits.lower("m", fitted(hub(effort)), failure(message, status));
  expect(lower("max", "Input should be 'low', 'medium' or 'high'")).toBeNull();
  expect(lower("max", "reasoning_effort is wrong", 500)).toBeNull();
  expect(lower(undefined, "reasoning_effort is wrong")).toBeNull();
  const high = fitted(hub("high"), [expect.stringContaining("lowered to high")]);
  expect(lower("max", "reasoning_effort: input should be 'high'")).toEqual(high);
  expect(limits.fit("m", hub("max"))).toEqual(high);
  expect(lower("high", "reasoning_effort is not supported")).toEqual(fitted({}, [expect.stringContaining("left out")]));
  expect(limits.fit("m", hub("max")).request).toEqual(hub());
  now = HOUR + 1;
  expect(limits.fit("m", hub("max"))).toEqual(fitted(hub("max")));
});

test.each([
  [
    "max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided 32000.",
    16_384,
  ],
  [
    "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the context",
    8_192,
  ],
  ["Invalid max_tokens value, the valid range of max_tokens is [1, 8192]: exceeds the limit", 8_192],
])("more room than the provider says a model has is lowered to that, also the next time: %s", (message, most) => {
  const limits = opened();
  const lowered = fitted({ max_tokens: most }, [expect.stringContaining(`lowered from 32000 to ${most}`)]);
  expect(limits.lower("m", fitted({ max_tokens: 32_000 }), failure(message))).toEqual(lowered);
  expect(limits.fit("m", { ...hub(), max_tokens: 32_000 })).toEqual(lowered);
  expect(limits.fit("m", { ...hub(), max_tokens: 100 })).toEqual(fitted({ max_tokens: 100 }));
  expect(limits.lower("m", fitted({}), failure(message))).toBeNull();
});

test.each([
  "'max_tokens' or 'max_completion_tokens' is too large: 100. This model's maximum context length is 32768 tokens.",
  "This model's maximum context length is 4096 tokens. However, you requested 4100 tokens (4000 in the messages, 100 in the completion).",
])("room that a long prompt does not leave is left out of that call alone: %s", (message) => {
  const limits = opened();
  const sent = fitted({ max_tokens: 100, reasoning_effort: "low" });
  expect(limits.lower("m", sent, failure(message))).toEqual(
    fitted(hub("low"), ["`max_tokens` was left out: there is no room for 100."]),
  );
  expect(limits.fit("m", sent.request)).toEqual(sent);
});

test("a message about too few tokens lowers nothing", () => {
  for (const message of [
    "max_tokens must be greater than 16",
    "`max_tokens` must be greater than `thinking.budget_tokens`",
  ])
    expect(opened().lower("m", fitted({ max_tokens: 5 }), failure(message))).toBeNull();
});

describe("through the gateway", () => {
  let open: TestGateway;
  let upstream: ScriptedUpstream;
  const sent = () => upstream.received.map(({ body }) => JSON.parse(body).reasoning_effort);
  const messages = (effort: string) => ({
    model: "openai/gpt-4o",
    max_tokens: 10,
    messages: [{ role: "user", content: "Hi" }],
    thinking: { type: "adaptive" },
    output_config: { effort },
  });
  beforeAll(async () => {
    open = await openTestGateway({ random: () => 0 });
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
    id: "c",
    object: "chat.completion",
    created: 1,
    model: "gpt-4o",
    choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  };

  test("a model without reasoning answers a request for it, and is asked only once the next time", async () => {
    const first = await open.ask("messages", messages("max"));
    expect(sent()).toEqual(["max", "high", undefined]);
    expect(first.json()).toMatchObject({ type: "message", content: [{ text: "Hello" }] });
    expect(first.state.headers["x-treadle-warnings"]).toContain("`reasoning_effort` was left out");
    await open.ask("messages", messages("high"));
    expect(sent()).toHaveLength(4);
  });

  test("a caller that uses OpenAI's own format receives the error", async () => {
    const asked = { model: "openai/gpt-4o", messages: [{ role: "user", content: "Hi" }], reasoning_effort: "high" };
    const { state, text } = await open.ask("chat", asked);
    expect([state.status, text()]).toEqual([400, expect.stringContaining("reasoning_effort")]);
    expect(sent()).toEqual(["high"]);
  });
});

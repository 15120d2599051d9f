import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ANSWERS, REQUESTS, STREAMS, streamedText } from "../testing/format-examples.ts";
import { CARD, createTestGuards, ruleOf } from "../testing/guarding.ts";
import {
  connectionTo,
  endpointOf,
  fallbacksTo,
  openTestGateway,
  SCOPE,
  type TestGateway,
} from "../testing/open-gateway.ts";
import { chatAnswer, type ScriptedUpstream, sendJson, startUpstream } from "../testing/scripted-upstream.ts";

const QUESTION = `Is ${CARD} valid?`;
const CHAT_FORMATS = ["chat", "completions", "responses", "messages"] as const;

const { guards, use } = createTestGuards();
let open: TestGateway;
let usual: ScriptedUpstream;
let safe: ScriptedUpstream;

beforeAll(async () => {
  open = await openTestGateway({ guards });
});
afterAll(() => open.close());
beforeEach(async () => {
  [usual, safe] = await Promise.all([startUpstream(), startUpstream()]);
  open.connect(
    connectionTo(usual.url),
    connectionTo(usual.url, { slug: "anthropic", provider: "anthropic", preset: "anthropic" }),
    connectionTo(safe.url, { slug: "safe" }),
    connectionTo(safe.url, { slug: "safe-anthropic", provider: "anthropic", preset: "anthropic" }),
  );
  open.name();
  use(ruleOf("card", "reroute", { target: "safe/m" }));
});
afterEach(async () => {
  await open.spans();
  await Promise.all([usual.close(), safe.close()]);
});

describe.each(CHAT_FORMATS)("%s", (format) => {
  const target = format === "messages" ? "safe-anthropic/m" : "safe/m";
  test("a request with a finding goes to the model of the rule, plain and streamed", async () => {
    use(ruleOf("card", "reroute", { target }));
    safe.next.push(
      (response) => sendJson(response, 200, ANSWERS[format]("Yes")),
      (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end(STREAMS[format]("Yes"));
      },
    );
    const plain = await open.ask(format, REQUESTS[format](QUESTION));
    expect(JSON.stringify(plain.json())).toContain("Yes");
    expect(plain.state.headers["x-treadle-model"]).toBe(target);
    const streamed = await open.ask(format, { ...REQUESTS[format](QUESTION), stream: true });
    expect(streamedText(streamed.text())).toBe("Yes");
    expect(usual.received).toEqual([]);
    expect(safe.received.map(({ body }) => body.includes(CARD))).toEqual([true, true]);
    for (const span of await open.spans()) {
      expect(span).toMatchObject({ status: "ok", requestModel: target });
      expect(span.attributes).toMatchObject({
        "treadle.guard.action": "flag",
        "treadle.guard.reroute": {
          from: REQUESTS[format]("").model,
          to: target,
          by: "gpol_test@3",
          kinds: ["card"],
        },
      });
    }
  });
});

test("a request without a finding goes to the model that it names", async () => {
  await open.ask("chat", REQUESTS.chat("Hi"));
  expect([usual.received.length, safe.received.length]).toEqual([1, 0]);
  expect((await open.span()).attributes["treadle.guard.reroute"]).toBeUndefined();
});

test("a request for the model of the rule stays there", async () => {
  await open.ask("chat", { ...REQUESTS.chat(QUESTION), model: "safe/m" });
  expect(safe.received).toHaveLength(1);
  expect((await open.span()).attributes["treadle.guard.reroute"]).toBeUndefined();
});

test("a finding that blocks comes first", async () => {
  use(ruleOf("card", "reroute", { target: "safe/m" }), ruleOf("card", "block"));
  await expect(open.ask("chat", REQUESTS.chat(QUESTION))).rejects.toMatchObject({ code: "content_filter" });
  expect([usual.received.length, safe.received.length]).toEqual([0, 0]);
});

test("the fallbacks that the caller names do not get a rerouted request", async () => {
  safe.next.push((response) => sendJson(response, 500, { error: { message: "broken" } }));
  const { state } = await open.ask("chat", REQUESTS.chat(QUESTION), {
    headers: { "x-treadle-fallback": "openai/gpt-4o" },
  });
  expect(state.status).toBe(500);
  expect(usual.received).toEqual([]);
});

test("a key that may not use the other model gets an error, and nobody gets the request", async () => {
  const scope = { ...SCOPE, models: ["openai/*"] };
  await expect(open.ask("chat", REQUESTS.chat(QUESTION), { scope })).rejects.toMatchObject({ code: "forbidden" });
  expect([usual.received.length, safe.received.length]).toEqual([0, 0]);
});

test("a target that no longer exists is an error, and nobody gets the request", async () => {
  use(ruleOf("card", "reroute", { target: "missing" }));
  await expect(open.ask("chat", REQUESTS.chat(QUESTION))).rejects.toMatchObject({ code: "not_found" });
  expect(usual.received).toEqual([]);
});

describe("endpoints", () => {
  const variant = (name: string, model: string, more: object = {}) => ({ name, model, weight: 1, ...more });

  test("a rerouted call does not count for the shares of the endpoint that gets it", async () => {
    open.name(
      endpointOf("support", { variants: [variant("a", "openai/gpt-4o")] }),
      endpointOf("careful", { variants: [variant("b", "safe/m")] }),
    );
    use(ruleOf("card", "reroute", { target: "careful" }));
    await open.ask("chat", { ...REQUESTS.chat(QUESTION), model: "support" });
    expect(await open.span()).toMatchObject({ endpoint: "careful", variant: "b", assignment: { propensity: 0 } });
    await open.ask("chat", { ...REQUESTS.chat(QUESTION), model: "careful" });
    expect(await open.span()).toMatchObject({ endpoint: "careful", assignment: { propensity: 1 } });
  });

  test("two endpoints whose rules name each other do not send a request around", async () => {
    open.name(
      endpointOf("one", { variants: [variant("a", "openai/gpt-4o")] }),
      endpointOf("two", { variants: [variant("b", "safe/m")] }),
    );
    // The policy of the test applies to both: its rule would send the request from `two` to `two` again.
    use(ruleOf("card", "reroute", { target: "two" }), ruleOf("card", "reroute", { target: "one" }));
    await open.ask("chat", { ...REQUESTS.chat(QUESTION), model: "one" });
    expect([usual.received.length, safe.received.length]).toEqual([0, 1]);
  });

  test("a model gets the parameters of the variant that it replaces", async () => {
    open.name(
      endpointOf("support", { variants: [variant("a", "openai/gpt-4o", { parameters: { temperature: 0.2 } })] }),
    );
    await open.ask("chat", { ...REQUESTS.chat(QUESTION), model: "support" });
    expect(JSON.parse(safe.received[0]?.body ?? "")).toMatchObject({ model: "m", temperature: 0.2 });
  });

  test("the fallbacks of the other endpoint do apply", async () => {
    open.name(endpointOf("careful", { variants: [variant("b", "safe/m")], fallbacks: fallbacksTo("safe/other") }));
    use(ruleOf("card", "reroute", { target: "careful" }));
    safe.next.push((response) => sendJson(response, 500, { error: { message: "broken" } }));
    const { state } = await open.ask("chat", REQUESTS.chat(QUESTION));
    expect(state.status).toBe(200);
    expect(safe.received).toHaveLength(2);
  });
});

test("a call of another part of the program is rerouted too", async () => {
  safe.next.push((response) => sendJson(response, 200, chatAnswer("Yes")));
  const { response } = await open.complete({ model: "openai/gpt-4o", messages: [{ role: "user", content: QUESTION }] });
  expect(response.choices[0]?.message.content).toBe("Yes");
  expect(usual.received).toEqual([]);
});

test("the tokens of such a request are counted here, and not by the provider that must not see it", async () => {
  const request = { model: "anthropic/claude-x", messages: [{ role: "user", content: QUESTION }] };
  const tokens = await open.gateway.countTokens(SCOPE, request, {
    bytes: Buffer.from(JSON.stringify(request)),
    signal: new AbortController().signal,
  });
  expect(tokens).toBeGreaterThan(3);
  expect(usual.received).toEqual([]);
});

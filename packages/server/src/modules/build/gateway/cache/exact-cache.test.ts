import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { connectionTo, endpointOf, openTestGateway, type TestGateway } from "../testing/open-gateway.ts";
import {
  beginStream,
  chatAnswer,
  chatChunk,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
} from "../testing/scripted-upstream.ts";

let open: TestGateway;
let upstream: ScriptedUpstream;
let asked = 0;

beforeAll(async () => {
  open = await openTestGateway({ random: () => 0 });
});
afterAll(() => open.close());
beforeEach(async () => {
  upstream = await startUpstream();
  open.connect(connectionTo(upstream.url));
  open.name();
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

/** A request that is not in the cache. */
const ask = (model = "openai/gpt-4o") => ({ model, messages: [{ role: "user", content: `Question ${++asked}` }] });
const cached = { headers: { "x-treadle-cache": "60" } };
const stateOf = async (request: ReturnType<typeof ask>, more: Readonly<Record<string, string>> = {}) => {
  const { state } = await open.ask("chat", request, { headers: { ...cached.headers, ...more } });
  // The answer is stored after it was sent.
  await new Promise((resolve) => setTimeout(resolve, 20));
  return state.headers["x-treadle-cache"];
};

test("a changed connection invalidates the answers of its endpoint", async () => {
  open.name(endpointOf("support", { variants: [{ name: "only", model: "openai/gpt-4o", weight: 1 }] }));
  const request = ask("support");
  expect([await stateOf(request), await stateOf(request)]).toEqual(["miss", "hit"]);
  open.connect(connectionTo(upstream.url, { configHash: "1".repeat(64) }));
  expect(await stateOf(request)).toBe("miss");
});

test("each target of an endpoint has separate answers, so that weights still count", async () => {
  const to = (model: string) => open.name(endpointOf("split", { variants: [{ name: "only", model, weight: 1 }] }));
  const request = ask("split");
  to("openai/gpt-4o");
  expect(await stateOf(request)).toBe("miss");
  to("openai/gpt-4.1");
  expect(await stateOf(request)).toBe("miss");
});

test("a forwarded header is part of the key", async () => {
  const request = ask();
  expect(await stateOf(request)).toBe("miss");
  expect(await stateOf(request, { "openai-beta": "assistants=v2" })).toBe("miss");
  expect(await stateOf(request, { "openai-beta": "assistants=v2" })).toBe("hit");
});

test("a fallback's answer is not stored for the first model", async () => {
  open.connect(
    connectionTo(upstream.url),
    connectionTo(upstream.url, { slug: "other", models: ["b"], configHash: "2".repeat(64) }),
  );
  const request = ask();
  upstream.next.push((response) => sendJson(response, 503, { error: { message: "down" } }));
  upstream.next.push((response) => sendJson(response, 200, chatAnswer("from the fallback")));
  expect(await stateOf(request, { "x-treadle-fallback": "other/b" })).toBe("miss");
  const { text, state } = await open.ask("chat", request, cached);
  expect(state.headers["x-treadle-cache"]).toBe("miss");
  expect(text()).not.toContain("from the fallback");
});

test("a streamed answer is not stored without the requested log-probabilities", async () => {
  const request = { ...ask(), logprobs: true };
  upstream.next.push((response) => {
    beginStream(response)([chatChunk({ content: "Hello" }), chatChunk({}, "stop"), "[DONE]"]);
    response.end();
  });
  await open.ask("chat", { ...request, stream: true }, cached);
  expect(await stateOf(request)).toBe("miss");
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { connectionTo, openTestGateway, type TestGateway } from "../testing/open-gateway.ts";
import { type ScriptedUpstream, startUpstream } from "../testing/scripted-upstream.ts";

let open: TestGateway;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  open = await openTestGateway();
});
afterAll(() => open.close());
beforeEach(async () => {
  upstream = await startUpstream();
  open.connect(connectionTo(upstream.url, { slug: "claude", provider: "anthropic", preset: "anthropic" }));
});
afterEach(() => upstream.close());

const request = {
  model: "claude/claude-sonnet-4-5",
  max_tokens: 50,
  stream: true,
  messages: [{ role: "user", content: "What is new?" }],
  // A tool that Anthropic runs itself, which no other shape has a place for.
  tools: [{ type: "web_search_20250305", name: "web_search" }],
};
const events = [
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Much has" } },
];

test("a call that cannot be translated becomes a span with counted tokens, even when its stream breaks", async () => {
  upstream.next.push((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
    setTimeout(() => response.destroy(), 20);
  });
  await open.ask("messages", request);
  const span = await open.span();
  expect(span.status).toBe("error");
  expect(span.inputTokens).toBeGreaterThan(0);
  expect(open.problems).toEqual([]);
});

test("a caller that disconnected before the attempt causes no request to the provider", async () => {
  upstream.next.push(() => {});
  const leaving = AbortSignal.abort();
  await expect(open.ask("messages", request, { signal: leaving })).rejects.toMatchObject({ code: "cancelled" });
  expect((await open.span()).status).toBe("cancelled");
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ANSWERS, dataOf, REQUESTS, STREAMS, streamedText } from "../testing/format-examples.ts";
import { createTestGuards, EMAIL, ruleOf } from "../testing/guarding.ts";
import { connectionTo, openTestGateway, SCOPE, type TestGateway } from "../testing/open-gateway.ts";
import {
  beginStream,
  chatAnswer,
  chatChunk,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
} from "../testing/scripted-upstream.ts";

const CHAT_FORMATS = ["chat", "completions", "responses", "messages"] as const;
const { guards, use, askedRude } = createTestGuards();
let open: TestGateway;
let upstream: ScriptedUpstream;

beforeAll(async () => {
  open = await openTestGateway({ guards });
});
afterAll(() => open.close());
beforeEach(async () => {
  upstream = await startUpstream();
  open.connect(
    connectionTo(upstream.url),
    connectionTo(upstream.url, { slug: "anthropic", provider: "anthropic", preset: "anthropic" }),
  );
  askedRude.length = 0;
  use(ruleOf("rude", "block"));
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

describe.each(CHAT_FORMATS)("a detector that answers later, in %s", (format) => {
  test("blocks a request before it is sent", async () => {
    await expect(open.ask(format, REQUESTS[format]("you are rude"))).rejects.toMatchObject({
      code: "content_filter",
      details: { kinds: ["rude"] },
    });
    expect(upstream.received).toEqual([]);
  });

  test("withholds an answer and a stream, of which nothing is sent before", async () => {
    upstream.next.push((response) => sendJson(response, 200, ANSWERS[format]("you are rude")));
    const plain = await open.ask(format, REQUESTS[format]("Hi"));
    expect(JSON.stringify(plain.json())).not.toContain("you are rude");
    upstream.next.push((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(STREAMS[format]("you are rude"));
    });
    const streamed = await open.ask(format, { ...REQUESTS[format]("Hi"), stream: true });
    expect(streamedText(streamed.text())).not.toContain("you");
    for (const span of await open.spans())
      expect(span.attributes).toMatchObject({
        "treadle.guard.action": "block",
        "treadle.guard.findings": [{ detector: "rude", kind: "rude", trust: "output", score: 0.9 }],
      });
  });

  test("lets everything else pass, also in a stream", async () => {
    upstream.next.push((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(STREAMS[format]("you are kind"));
    });
    const { text } = await open.ask(format, { ...REQUESTS[format]("Hi"), stream: true });
    expect(streamedText(text())).toBe("you are kind");
    expect(askedRude).toEqual(["Hi", "you are kind"]);
  });
});

test("only sees what the other rules let through", async () => {
  use(ruleOf("rude", "block"), ruleOf("email", "mask"));
  upstream.next.push((response) => sendJson(response, 200, chatAnswer("Dear <EMAIL_1>, write to bob@example.com")));
  const { json } = await open.ask("chat", REQUESTS.chat(`I am ${EMAIL}`));
  expect(json().choices[0].message.content).toBe(`Dear ${EMAIL}, write to bob@example.com`);
  expect(askedRude).toEqual(["I am <EMAIL_1>", "Dear <EMAIL_1>, write to <EMAIL_2>"]);
});

test("reads arguments of tools and reasoning in a stream", async () => {
  use(ruleOf("rude", "flag"));
  const call = {
    index: 0,
    id: "c",
    type: "function",
    function: { name: "send", arguments: '{"a":"very \\u0072ude"}' },
  };
  upstream.next.push((response) => {
    beginStream(response)([
      chatChunk({ reasoning_content: "a rude thought" }),
      chatChunk({ reasoning_content: " and another", content: "Fine." }),
      chatChunk({ tool_calls: [call] }, "tool_calls"),
      "[DONE]",
    ]);
    response.end();
  });
  const { text } = await open.ask("chat", { ...REQUESTS.chat("Hi"), stream: true });
  expect(askedRude).toEqual(["Hi", "a rude thought and another", "Fine.", "very rude"]);
  const events = JSON.stringify(dataOf(text()));
  expect(events).toContain("a rude thought and another");
  const found = (await open.span()).attributes["treadle.guard.findings"] as { path: string }[];
  expect(found.map(({ path }) => path)).toEqual([
    "choices.0.tool_calls.0.function.arguments.a",
    "choices.0.reasoning_content",
  ]);
});

test("that fails is recorded, and stops the call only if its rule says so", async () => {
  use(ruleOf("rude", "block", { failure: "open" }));
  expect((await open.ask("chat", REQUESTS.chat("outage"))).state.status).toBe(200);
  expect((await open.span()).attributes["treadle.guard.not_scanned"]).toMatchObject([{ rule: 0, reason: "failed" }]);
  use(ruleOf("rude", "block", { failure: "closed" }));
  await expect(open.ask("chat", REQUESTS.chat("outage"))).rejects.toMatchObject({
    details: { notScanned: ["failed"] },
  });
});

test("lets a stream be asked for again, since it is held as a whole", async () => {
  use(ruleOf("rude", "reask"));
  for (const text of ["you are rude", "you are kind"])
    upstream.next.push((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(STREAMS.chat(text));
    });
  const { text } = await open.ask("chat", { ...REQUESTS.chat("Hi"), stream: true });
  expect(streamedText(text())).toBe("you are kind");
});

test("no policy applies to calls of guards themselves", async () => {
  const scope = { ...SCOPE, actor: "guard" };
  const { json } = await open.ask("chat", REQUESTS.chat("you are rude"), { scope });
  expect(json().choices[0].message.content).toBe("Hello");
  expect(askedRude).toEqual([]);
});

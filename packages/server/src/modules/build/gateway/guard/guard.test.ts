import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ChatFormatId as ChatFormat } from "../formats/formats.ts";
import { ANSWERS, dataOf, REQUESTS, STREAMS, streamedText } from "../testing/format-examples.ts";
import { CARD, createTestGuards, EMAIL, ruleOf } from "../testing/guarding.ts";
import { connectionTo, openTestGateway, type TestGateway } from "../testing/open-gateway.ts";
import {
  beginStream,
  chatAnswer,
  chatChunk,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
} from "../testing/scripted-upstream.ts";

const PLANTED = /ann@example|bob@example|4111/;
const QUESTION = `I am ${EMAIL}, my card is ${CARD}.`;
const ANSWER = `Dear <EMAIL_1>, bob@example.com has the card ${CARD} too.`;
const SHOWN = `Dear ${EMAIL}, bob@example.com has the card [CARD] too.`;
const STORED = "Dear <EMAIL_1>, <EMAIL_2> has the card [CARD] too.";

const { guards, use } = createTestGuards();
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
  use(ruleOf("email", "mask"), ruleOf("card", "redact"));
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

const sendStream = (format: ChatFormat, text: string) => {
  upstream.next.push((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(STREAMS[format](text));
  });
};
const CHAT_FORMATS = ["chat", "completions", "responses", "messages"] as const;

describe.each(CHAT_FORMATS)("%s", (format) => {
  test("a request and its answer are masked for the provider and the span, and restored for the caller", async () => {
    upstream.next.push((response) => sendJson(response, 200, ANSWERS[format](ANSWER)));
    const { json } = await open.ask(format, REQUESTS[format](QUESTION));
    expect(upstream.received[0]?.body).toContain("I am <EMAIL_1>, my card is [CARD].");
    expect(upstream.received[0]?.body).not.toMatch(PLANTED);
    expect(JSON.stringify(json())).toContain(SHOWN);
    const span = await open.span();
    expect(JSON.stringify(span)).not.toMatch(PLANTED);
    expect(JSON.stringify(span.output)).toContain(STORED);
    expect(span.attributes).toMatchObject({
      "treadle.guard.policy": "gpol_test",
      "treadle.guard.version": 3,
      "treadle.guard.action": "redact",
    });
    const findings = span.attributes["treadle.guard.findings"] as { trust: string; kind: string; count: number }[];
    expect(findings.map(({ trust, kind, count }) => [trust, kind, count])).toEqual([
      ["user", "email", 1],
      ["user", "card", 1],
      ["output", "email", 1],
      ["output", "card", 1],
    ]);
  });

  test("a stream gives the same, one character at a time", async () => {
    sendStream(format, ANSWER);
    const { text } = await open.ask(format, { ...REQUESTS[format](QUESTION), stream: true });
    expect(upstream.received[0]?.body).not.toMatch(PLANTED);
    expect(streamedText(text())).toBe(SHOWN);
    const span = await open.span();
    expect(JSON.stringify(span)).not.toMatch(PLANTED);
    expect(JSON.stringify(span.output)).toContain(STORED);
    expect(span.status).toBe("ok");
  });

  test("a request is blocked with an error in its format, and never sent or stored", async () => {
    use(ruleOf("card", "block"));
    await expect(open.ask(format, REQUESTS[format](QUESTION))).rejects.toMatchObject({
      code: "content_filter",
      status: 400,
      details: { kinds: ["card"] },
    });
    expect(upstream.received).toEqual([]);
    const span = await open.span();
    expect(JSON.stringify(span)).not.toMatch(/4111/);
    expect(span).toMatchObject({ status: "error", errorType: "content_filter" });
    expect(span.attributes).toMatchObject({ "treadle.guard.action": "block" });
  });

  test("an answer is withheld, and its end says why", async () => {
    use(ruleOf("card", "block", { scopes: ["output"] }));
    upstream.next.push((response) => sendJson(response, 200, ANSWERS[format](ANSWER)));
    const { json } = await open.ask(format, REQUESTS[format]("Hi"));
    expect(JSON.stringify(json())).not.toMatch(/4111|Dear/);
    expect(json()).toMatchObject(BLOCKED[format]);
    expect(JSON.stringify(await open.span())).not.toMatch(/4111/);
  });

  test("a stream is ended at a finding with the usage and the end mark, and the provider is stopped", async () => {
    use(ruleOf("card", "block", { scopes: ["output"] }));
    upstream.next.push((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      // The last events never come: the provider would write on.
      const events = STREAMS[format](`${ANSWER} And so on`).split(/(?<=\n\n)/);
      response.write(events.slice(0, -4).join(""));
    });
    const { text } = await open.ask(format, { ...REQUESTS[format]("Hi"), stream: true, ...WITH_USAGE[format] });
    expect(text()).not.toContain("4111");
    expect(streamedText(text())).toMatch(/^Dear <EMAIL_1>, bob@example\.com has the card /);
    const events = dataOf(text());
    expect(events.slice(-STREAM_ENDS[format].length)).toMatchObject(STREAM_ENDS[format]);
    if (format === "chat" || format === "completions") expect(text()).toMatch(/data: \[DONE\]\n\n$/);
    const span = await open.span();
    expect(span.attributes).toMatchObject({ "treadle.guard.action": "block" });
    expect(upstream.aborted()).toBe(1);
  });
});

const BLOCKED: Readonly<Record<ChatFormat, object>> = {
  chat: { choices: [{ message: { content: "", refusal: expect.any(String) }, finish_reason: "content_filter" }] },
  completions: { choices: [{ text: "", finish_reason: "content_filter" }] },
  responses: { status: "incomplete", incomplete_details: { reason: "content_filter" } },
  messages: { stop_reason: "refusal", usage: { output_tokens: 2 } },
};
const usage = { stream_options: { include_usage: true } };
const WITH_USAGE: Readonly<Record<ChatFormat, object>> = {
  chat: usage,
  completions: usage,
  responses: {},
  messages: {},
};
const STREAM_ENDS: Readonly<Record<ChatFormat, readonly object[]>> = {
  chat: [
    { choices: [{ finish_reason: "content_filter" }] },
    { choices: [], usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) } },
  ],
  completions: [
    { choices: [{ finish_reason: "content_filter" }] },
    { choices: [], usage: { prompt_tokens: expect.any(Number) } },
  ],
  responses: [
    {
      type: "response.incomplete",
      response: {
        status: "incomplete",
        incomplete_details: { reason: "content_filter" },
        usage: { output_tokens: expect.any(Number) },
      },
    },
  ],
  messages: [
    { type: "message_delta", delta: { stop_reason: "refusal" }, usage: { output_tokens: expect.any(Number) } },
    { type: "message_stop" },
  ],
};

describe("tools", () => {
  const args = JSON.stringify({ to: EMAIL, note: `card ${CARD}`, number: 4111111111111111 });
  const escaped = args.replace("ann@", "\\u0061nn\\u0040");
  const toolCall = (text: string) => ({ id: "c1", type: "function", function: { name: "send", arguments: text } });

  test("earlier calls and their results are masked in a request", async () => {
    const { json } = await open.ask("chat", {
      model: "openai/gpt-4o",
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: null, tool_calls: [toolCall(escaped)] },
        { role: "tool", tool_call_id: "c1", content: `sent to ${EMAIL}` },
      ],
    });
    const sent = JSON.parse(upstream.received[0]?.body ?? "");
    expect(JSON.parse(sent.messages[1].tool_calls[0].function.arguments)).toEqual({
      to: "<EMAIL_1>",
      note: "card [CARD]",
      number: "[CARD]",
    });
    expect(sent.messages[2].content).toBe("sent to <EMAIL_1>");
    expect(json().choices[0].message.content).toBe("Hello");
    expect(JSON.stringify(await open.span())).not.toMatch(PLANTED);
  });

  test("placeholders in a call are restored, plain and streamed, and the call is held until it is complete", async () => {
    const answer = JSON.stringify({ to: "<EMAIL_1>", 'a"b': `x ${CARD}` });
    const shown = { to: EMAIL, 'a"b': "x [CARD]" };
    const request = REQUESTS.chat(`I am ${EMAIL}`);
    const called = { role: "assistant", content: null, tool_calls: [toolCall(answer)] };
    const choices = [{ index: 0, message: called, finish_reason: "tool_calls" }];
    upstream.next.push((response) => sendJson(response, 200, { ...chatAnswer(), choices }));
    const plain = await open.ask("chat", request);
    expect(JSON.parse(plain.json().choices[0].message.tool_calls[0].function.arguments)).toEqual(shown);
    upstream.next.push((response) => {
      beginStream(response)([
        chatChunk({ role: "assistant", content: null, tool_calls: [{ index: 0, ...toolCall("") }] }),
        ...[...answer].map((piece) => chatChunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
        chatChunk({}, "tool_calls"),
        "[DONE]",
      ]);
      response.end();
    });
    const streamed = await open.ask("chat", { ...request, stream: true });
    const pieces = dataOf(streamed.text()).flatMap((event) => {
      const [choice] = event.choices as [{ delta: { tool_calls?: { function: { arguments: string } }[] } }];
      return choice.delta.tool_calls ?? [];
    });
    expect(pieces).toHaveLength(1);
    expect(JSON.parse(pieces[0]?.function.arguments ?? "")).toEqual(shown);
    for (const span of await open.spans()) expect(JSON.stringify(span)).not.toMatch(PLANTED);
  });

  test("a call whose arguments are blocked is never sent, plain and streamed", async () => {
    use(ruleOf("card", "block", { scopes: ["tool-arguments"] }));
    const call = toolCall(JSON.stringify({ card: CARD }));
    const choices = [
      { index: 0, message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" },
    ];
    upstream.next.push((response) => sendJson(response, 200, { ...chatAnswer(), choices }));
    const plain = await open.ask("chat", REQUESTS.chat("Hi"));
    expect(plain.json()).toMatchObject(BLOCKED.chat);
    upstream.next.push((response) => {
      beginStream(response)([
        chatChunk({ tool_calls: [{ index: 0, ...call }] }),
        chatChunk({}, "tool_calls"),
        "[DONE]",
      ]);
      response.end();
    });
    const streamed = await open.ask("chat", { ...REQUESTS.chat("Hi"), stream: true });
    expect(streamed.text()).not.toContain("4111");
    expect(dataOf(streamed.text()).at(-1)).toMatchObject({ choices: [{ finish_reason: "content_filter" }] });
    for (const span of await open.spans()) expect(JSON.stringify(span)).not.toMatch(/4111/);
  });
});

test("embeddings are masked too, and token numbers are not scanned", async () => {
  const answer = { object: "list", model: "embed", data: [], usage: { prompt_tokens: 1, total_tokens: 1 } };
  upstream.next.push((response) => sendJson(response, 200, answer));
  await open.ask("embeddings", REQUESTS.embeddings(QUESTION));
  expect(JSON.parse(upstream.received[0]?.body ?? "").input).toEqual(["I am <EMAIL_1>, my card is [CARD]."]);
  expect(JSON.stringify(await open.span())).not.toMatch(PLANTED);
  upstream.next.push((response) => sendJson(response, 200, answer));
  await open.ask("embeddings", { model: "openai/embed", input: [1, 2] });
  expect((await open.span()).attributes["treadle.guard.not_scanned"]).toMatchObject([
    { reason: "unknown-content" },
    { reason: "unknown-content" },
  ]);
});

test("the language of the user's message is stored, also of a blocked request", async () => {
  const languageOf = async (content: string) => {
    await open.ask("chat", REQUESTS.chat(content)).catch(() => undefined);
    return (await open.spans()).find(({ kind }) => kind === "generation")?.attributes["treadle.guard.language"];
  };
  expect(await languageOf("Wie ändere ich meine Anschrift?")).toBe("de");
  expect(await languageOf("123 456")).toBeUndefined();
  use(ruleOf("email", "block"));
  expect(await languageOf(`Please write to ${EMAIL} today`)).toBe("en");
});

test("each rule reads the texts of its scopes only", async () => {
  use(ruleOf("email", "redact", { scopes: ["tool-result"] }));
  const messages = [
    { role: "user", content: EMAIL },
    { role: "tool", tool_call_id: "c", content: EMAIL },
  ];
  await open.ask("chat", { model: "openai/gpt-4o", messages });
  expect(JSON.parse(upstream.received[0]?.body ?? "").messages).toMatchObject([
    { content: EMAIL },
    { content: "[EMAIL]" },
  ]);
});

describe("what cannot be scanned", () => {
  const picture = {
    model: "openai/gpt-4o",
    messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] }],
  };
  test("passes under an open rule, and the span says so", async () => {
    use(ruleOf("email", "block"));
    await open.ask("chat", picture);
    expect((await open.span()).attributes).toMatchObject({
      "treadle.guard.action": "allow",
      "treadle.guard.not_scanned": [{ rule: 0, reason: "unknown-content", path: "messages.0.content.0" }],
    });
  });
  test("is rejected under a closed one, and so is everything if a detector fails", async () => {
    use(ruleOf("email", "block", { scopes: ["user"], failure: "closed" }));
    await expect(open.ask("chat", picture)).rejects.toMatchObject({
      code: "content_filter",
      details: { notScanned: ["unknown-content"] },
    });
    use(ruleOf("missing", "flag", { scopes: ["user"], failure: "closed" }));
    await expect(open.ask("chat", REQUESTS.chat("Hi"))).rejects.toMatchObject({ details: { notScanned: ["failed"] } });
    use(ruleOf("missing", "flag", { scopes: ["user"], failure: "open" }));
    expect((await open.ask("chat", REQUESTS.chat("Hi"))).state.status).toBe(200);
  });
});

describe("the exact cache", () => {
  const options = { headers: { "x-treadle-cache": "60" } };
  test("shares an answer between masked questions, and restores it for each caller", async () => {
    upstream.next.push((response) => sendJson(response, 200, chatAnswer("Dear <EMAIL_1>")));
    const first = await open.ask("chat", REQUESTS.chat("cached: ann@example.com"), options);
    await open.span();
    const second = await open.ask("chat", REQUESTS.chat("cached: bob@example.com"), options);
    expect([first, second].map(({ json }) => json().choices[0].message.content)).toEqual([
      "Dear ann@example.com",
      "Dear bob@example.com",
    ]);
    expect(second.state.headers["x-treadle-cache"]).toBe("hit");
    expect(JSON.stringify(await open.span())).not.toMatch(PLANTED);
  });
  test("stores no answer that was withheld", async () => {
    use(ruleOf("card", "block", { scopes: ["output"] }));
    upstream.next.push((response) => sendJson(response, 200, chatAnswer(CARD)));
    await open.ask("chat", REQUESTS.chat("withheld?"), options);
    await open.span();
    const again = await open.ask("chat", REQUESTS.chat("withheld?"), options);
    expect(again.state.headers["x-treadle-cache"]).toBe("miss");
  });
});

test("a call that fails before its policy is found is stored without what was planted", async () => {
  await expect(open.ask("chat", { ...REQUESTS.chat(QUESTION), model: "nothing/at-all" })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(JSON.stringify(await open.span())).not.toMatch(PLANTED);
});

test("a call of another part of the program is masked and restored too", async () => {
  upstream.next.push((response) => sendJson(response, 200, chatAnswer("Dear <EMAIL_1>")));
  const { response } = await open.complete({ model: "openai/gpt-4o", messages: [{ role: "user", content: EMAIL }] });
  expect(response.choices[0]?.message.content).toBe(`Dear ${EMAIL}`);
  expect(upstream.received[0]?.body).not.toMatch(PLANTED);
  expect(JSON.stringify(await open.span())).not.toMatch(PLANTED);
});

test("an answer in which nothing changes passes byte for byte", async () => {
  const body = JSON.stringify({ ...chatAnswer("Hello"), more: { x: 1 } });
  upstream.next.push((response) => sendJson(response, 200, body));
  const { text } = await open.ask("chat", REQUESTS.chat("Hi"));
  expect(text()).toBe(body);
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ANSWERS, dataOf, REQUESTS, STREAMS, streamedText } from "../testing/format-examples.ts";
import { CARD, createTestGuards, ruleOf } from "../testing/guarding.ts";
import { connectionTo, openTestGateway, type TestGateway } from "../testing/open-gateway.ts";
import { type ScriptedUpstream, sendJson, startUpstream } from "../testing/scripted-upstream.ts";

const QUESTION = `Please charge my card ${CARD} now.`;
const GERMAN = `Bitte überprüfen Sie die Karte ${CARD} für mich.`;
const TEXT = "I cannot help with card numbers.";
const TEXTS = { de: "Mit Kartennummern helfe ich nicht.", fr: "Pas de cartes." };
const CHAT_FORMATS = ["chat", "completions", "responses", "messages"] as const;

const { guards, use, refuseWith } = createTestGuards();
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
  use(ruleOf("card", "block"));
  refuseWith(TEXT, TEXTS);
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

const ENDS: Readonly<Record<(typeof CHAT_FORMATS)[number], object>> = {
  chat: { choices: [{ message: { content: TEXT }, finish_reason: "content_filter" }] },
  completions: { choices: [{ text: TEXT, finish_reason: "content_filter" }] },
  responses: {
    status: "incomplete",
    incomplete_details: { reason: "content_filter" },
    output: [{ content: [{ type: "output_text", text: TEXT }] }],
  },
  messages: { content: [{ type: "text", text: TEXT }], stop_reason: "refusal" },
};

describe.each(CHAT_FORMATS)("%s", (format) => {
  test("a blocked request is answered by the text of the policy, and costs nothing", async () => {
    const { state, json } = await open.ask(format, REQUESTS[format](QUESTION));
    expect(state.status).toBe(200);
    expect(json()).toMatchObject(ENDS[format]);
    expect(upstream.received).toEqual([]);
    const span = await open.span();
    expect(span).toMatchObject({ status: "ok", costUsd: 0, inputTokens: 0, attempts: [], provider: "" });
    expect(span.attributes).toMatchObject({ "treadle.guard.action": "block" });
    expect(JSON.stringify(span)).not.toContain("4111 1");
  });

  test("a blocked stream is answered by the text too, with its end mark", async () => {
    const { state, text } = await open.ask(format, { ...REQUESTS[format](QUESTION), stream: true });
    expect(state.status).toBe(200);
    expect(streamedText(text())).toBe(TEXT);
    expect(JSON.stringify(dataOf(text()))).toMatch(format === "messages" ? '"refusal"' : '"content_filter"');
  });

  test("a withheld answer is the text, and a stream that has begun ends with it", async () => {
    const answer = `Dear Ann, the card is ${CARD}.`;
    upstream.next.push((response) => sendJson(response, 200, ANSWERS[format](answer)));
    const plain = await open.ask(format, REQUESTS[format]("Which card?"));
    expect(plain.json()).toMatchObject(ENDS[format]);
    upstream.next.push((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(STREAMS[format](answer));
    });
    const { text } = await open.ask(format, { ...REQUESTS[format]("Which card?"), stream: true });
    expect(streamedText(text())).toBe(`Dear Ann, the card is \n\n${TEXT}`);
    for (const span of await open.spans()) expect(JSON.stringify(span)).not.toContain("4111 1");
  });
});

describe("the language of the text", () => {
  const asked = async (text: string, headers: Record<string, string> = {}) => {
    const { json } = await open.ask("chat", REQUESTS.chat(text), { headers });
    return json().choices[0].message.content;
  };
  test("is that of the last message of the user", async () => {
    expect(await asked(GERMAN)).toBe(TEXTS.de);
    expect(await asked(GERMAN, { "accept-language": "fr" })).toBe(TEXTS.de);
  });
  test("is that of the header if the message has no text in the list, or too few letters", async () => {
    expect(await asked(QUESTION, { "accept-language": "ja, fr-CA;q=0.9, de;q=0.5" })).toBe(TEXTS.fr);
    expect(await asked(CARD, { "accept-language": "de" })).toBe(TEXTS.de);
  });
  test("is the default without either", async () => {
    expect(await asked(QUESTION)).toBe(TEXT);
    expect(await asked(CARD, { "accept-language": "ja" })).toBe(TEXT);
  });
});

test("an embedding cannot be refused by a text, so it gets the error", async () => {
  await expect(open.ask("embeddings", REQUESTS.embeddings(QUESTION))).rejects.toMatchObject({
    code: "content_filter",
    status: 400,
  });
});

test("a call of another part of the program gets the text too", async () => {
  const { response, cost } = await open.complete({
    model: "openai/gpt-4o",
    messages: [{ role: "user", content: QUESTION }],
  });
  expect(response.choices[0]).toMatchObject({ message: { content: TEXT }, finish_reason: "content_filter" });
  expect(cost.costUsd).toBe(0);
});

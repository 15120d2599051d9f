import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ANSWERS, dataOf, REQUESTS, STREAMS, streamedText } from "../testing/format-examples.ts";
import { CARD, createTestGuards, EMAIL, ruleOf } from "../testing/guarding.ts";
import { connectionTo, openTestGateway, type TestGateway } from "../testing/open-gateway.ts";
import { type ScriptedUpstream, sendJson, startUpstream } from "../testing/scripted-upstream.ts";

const BAD = `The card is ${CARD}.`;
const GOOD = "I cannot tell you the number.";
const CHAT_FORMATS = ["chat", "completions", "responses", "messages"] as const;
type Format = (typeof CHAT_FORMATS)[number];

const { guards, use } = createTestGuards();
const reserved: object[] = [];
const ledger: { attempt: number; inputTokens: number; outputTokens: number; costUsd: number | null }[] = [];
let open: TestGateway;
let upstream: ScriptedUpstream;

beforeAll(async () => {
  const reservation = (place: number) => ({
    headers: () => ({}),
    settle: (spent: object) => void reserved.push({ place, ...spent }),
    release: () => void reserved.push({ place, released: true }),
    abandon: () => void reserved.push({ place, abandoned: true }),
  });
  let place = 0;
  const limits = {
    has: () => true,
    reserve: () => reservation(++place),
    record: (entry: never) => void ledger.push(entry),
  };
  open = await openTestGateway({ guards, limits });
});
afterAll(() => open.close());
beforeEach(async () => {
  upstream = await startUpstream();
  open.connect(
    connectionTo(upstream.url),
    connectionTo(upstream.url, { slug: "anthropic", provider: "anthropic", preset: "anthropic" }),
  );
  reserved.length = 0;
  ledger.length = 0;
  use(ruleOf("card", "reask"));
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

const answer = (format: Format, ...texts: readonly string[]) =>
  upstream.next.push(
    ...texts.map((text) => (response: ServerResponse) => sendJson(response, 200, ANSWERS[format](text))),
  );
const stream = (format: Format, ...texts: readonly string[]) =>
  upstream.next.push(
    ...texts.map((text) => (response: ServerResponse) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(STREAMS[format](text));
    }),
  );
const sent = (place: number) => upstream.received[place]?.body ?? "";

describe.each(CHAT_FORMATS)("%s", (format) => {
  test("an answer with a finding is asked for again, with a note that names its kind", async () => {
    answer(format, BAD, GOOD);
    const { json, state } = await open.ask(format, REQUESTS[format]("Which card?"));
    expect(JSON.stringify(json())).toContain(GOOD);
    expect(JSON.stringify(json())).not.toMatch(/4111 1|withheld/);
    expect(upstream.received).toHaveLength(2);
    expect(sent(0)).not.toContain("A check rejected");
    expect(sent(1)).toMatch(/A check rejected your previous answer to this request for this reason: [a-z ]*card/);
    expect(sent(1)).toContain("Which card?");
    expect(sent(1)).not.toContain("4111 1");
    expect(state.headers["x-treadle-attempts"]).toBe("2");
  });

  test("both answers are charged, and the span says so", async () => {
    answer(format, BAD, GOOD);
    await open.ask(format, REQUESTS[format]("Which card?"));
    const span = await open.span();
    const [first, second] = ledger;
    expect(ledger).toHaveLength(2);
    expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
    expect(first?.inputTokens).toBe(second?.inputTokens);
    expect(span).toMatchObject({
      inputTokens: (first?.inputTokens ?? 0) * 2,
      outputTokens: (first?.outputTokens ?? 0) * 2,
      costUsd: (first?.costUsd ?? 0) + (second?.costUsd ?? 0),
    });
    expect(span.costUsd).toBeGreaterThan(0);
    expect(span.attempts).toHaveLength(2);
    expect(reserved).toMatchObject([
      { inputTokens: first?.inputTokens, costUsd: first?.costUsd },
      { inputTokens: second?.inputTokens, costUsd: second?.costUsd },
    ]);
    expect(span.attributes).toMatchObject({
      "treadle.guard.action": "allow",
      "treadle.guard.reask": { kinds: ["card"], input_tokens: first?.inputTokens, cost_usd: first?.costUsd },
    });
    expect(JSON.stringify(span)).not.toMatch(/4111 1|A check rejected/);
  });

  test("a second answer with a finding is withheld, or redacted as the rule says", async () => {
    answer(format, BAD, BAD);
    const blocked = await open.ask(format, REQUESTS[format]("Which card?"));
    expect(JSON.stringify(blocked.json())).not.toMatch(/4111 1|The card/);
    use(ruleOf("card", "reask", { fallback: "redact" }));
    answer(format, BAD, BAD);
    const redacted = await open.ask(format, REQUESTS[format]("Which card?"));
    expect(JSON.stringify(redacted.json())).toContain("The card is [CARD].");
    expect(upstream.received).toHaveLength(4);
    for (const span of await open.spans()) expect(JSON.stringify(span)).not.toContain("4111 1");
  });

  test("a stream that is held as a whole is asked for again, and the caller sees the second answer only", async () => {
    use(ruleOf("card", "reask"), ruleOf("shout", "flag"));
    stream(format, BAD, GOOD);
    const { text } = await open.ask(format, { ...REQUESTS[format]("Which card?"), stream: true });
    expect(streamedText(text())).toBe(GOOD);
    expect(upstream.received).toHaveLength(2);
    expect(JSON.parse(sent(1)).stream).toBe(true);
    const span = await open.span();
    expect(JSON.stringify(span.output)).toContain(GOOD);
    expect(span.attributes).toMatchObject({ "treadle.guard.reask": { kinds: ["card"] } });
  });
});

test("a stream that is not held as a whole gets the fallback", async () => {
  stream("chat", BAD);
  const { text } = await open.ask("chat", { ...REQUESTS.chat("Which card?"), stream: true });
  expect(streamedText(text())).toBe("The card is ");
  expect(dataOf(text()).at(-1)).toMatchObject({ choices: [{ finish_reason: "content_filter" }] });
  expect(upstream.received).toHaveLength(1);
});

test("if the second request fails, the first answer gets the fallback, and only it is charged", async () => {
  use(ruleOf("card", "reask", { fallback: "redact" }));
  answer("chat", BAD);
  upstream.next.push((response) => sendJson(response, 500, { error: { message: "no more" } }));
  const { json } = await open.ask("chat", REQUESTS.chat("Which card?"));
  expect(json().choices[0].message.content).toBe("The card is [CARD].");
  const span = await open.span();
  expect(ledger).toHaveLength(1);
  expect(span.attempts.map(({ status }) => status)).toEqual([200, 500]);
  expect(span.costUsd).toBe(ledger[0]?.costUsd);
});

test("a finding that blocks comes before one that asks again", async () => {
  use(ruleOf("card", "reask"), ruleOf("email", "block"));
  answer("chat", `${BAD} ${EMAIL}`);
  await open.ask("chat", REQUESTS.chat("Which card?"));
  expect(upstream.received).toHaveLength(1);
});

test("a request with a finding gets the fallback: there is no answer to ask for again", async () => {
  await expect(open.ask("chat", REQUESTS.chat(CARD))).rejects.toMatchObject({ code: "content_filter" });
});

test("a system message gets the note, and the call of another part of the program is asked again too", async () => {
  answer("chat", BAD, GOOD);
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Which card?" },
  ];
  const { response, cost } = await open.complete({ model: "openai/gpt-4o", messages });
  expect(response.choices[0]?.message.content).toBe(GOOD);
  expect(JSON.parse(sent(1)).messages).toMatchObject([
    { role: "system", content: expect.stringMatching(/^Be brief\.\n\nA check rejected/) },
    { role: "user" },
  ]);
  expect(cost.tokens).toBe(30);
  expect(ledger).toHaveLength(2);
});

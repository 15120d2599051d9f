import { Span } from "@treadle/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ANSWERS, REQUESTS, STREAMS } from "../testing/format-examples.ts";
import { CARD, createTestGuards, EMAIL, ruleOf } from "../testing/guarding.ts";
import { connectionTo, endpointOf, openTestGateway, type TestGateway } from "../testing/open-gateway.ts";
import { type ScriptedUpstream, sendJson, startUpstream } from "../testing/scripted-upstream.ts";

const QUESTION = `I am ${EMAIL}, and my card is ${CARD}.`;

const { guards, use } = createTestGuards();
let open: TestGateway;
let upstream: ScriptedUpstream;

beforeAll(async () => {
  open = await openTestGateway({ guards });
});
afterAll(() => open.close());
beforeEach(async () => {
  upstream = await startUpstream();
  open.connect(connectionTo(upstream.url), connectionTo(upstream.url, { slug: "safe" }));
  open.name();
});
afterEach(async () => {
  await open.spans();
  open.checks();
  await upstream.close();
});

const listOf = (span: Span | undefined) => span?.attributes["treadle.checks"] as Record<string, unknown>[];
const endOf = ({ startTime, durationMs }: Span) => Date.parse(startTime) + durationMs;
const stagesOf = (checks: readonly Span[]) => checks.filter(({ attributes }) => "treadle.checks" in attributes);

/** Asks, and returns the span of the call with the spans of its checks. */
async function ask(question: string, more: object = {}) {
  await open.ask("chat", { ...REQUESTS.chat(question), ...more }).catch(() => undefined);
  const call = await open.span();
  return { call, checks: open.checks() };
}

describe("the checks of a call", () => {
  test("without a policy leave no span", async () => {
    use();
    expect((await ask(QUESTION)).checks).toEqual([]);
  });

  test("are one span for each stage, which lists the clean ones too", async () => {
    use(ruleOf("email", "mask"), ruleOf("card", "flag", { scopes: ["user"] }), ruleOf("rude", "flag"));
    const { call, checks } = await ask("Hello");
    expect(checks.map(({ name, parentSpanId, kind }) => [name, parentSpanId, kind])).toEqual([
      ["guard request", call.spanId, "guardrail"],
      ["guard answer", call.spanId, "guardrail"],
    ]);
    expect(listOf(checks[0])).toEqual([
      { rule: 0, detector: "email", version: 1, action: "allow", threshold: 0.5, texts: 1, ms: expect.any(Number) },
      { rule: 1, detector: "card", version: 1, action: "allow", threshold: 0.5, texts: 1, ms: expect.any(Number) },
      { rule: 2, detector: "rude", version: 1, action: "allow", threshold: 0.5, texts: 1, ms: expect.any(Number) },
    ]);
    expect(listOf(checks[1]).map(({ detector }) => detector)).toEqual(["email", "rude"]);
    expect(checks[0]?.attributes).toMatchObject({
      "treadle.check.stage": "request",
      "treadle.check.policy": "gpol_test",
      "treadle.check.version": 3,
      "treadle.check.action": "allow",
    });
  });

  test("with a finding have a span, with places and without values", async () => {
    use(ruleOf("email", "redact"), ruleOf("card", "flag"), ruleOf("shout", "block"));
    const { checks } = await ask(`${QUESTION} Or bob@example.com.`);
    const [stage, email, card] = checks;
    expect([stage?.name, email?.name, card?.name]).toEqual(["guard request", "email", "card"]);
    expect(email?.parentSpanId).toBe(stage?.spanId);
    expect(stage?.attributes["treadle.check.action"]).toBe("redact");
    expect(email?.attributes).toEqual({
      "treadle.check.stage": "request",
      "treadle.check.policy": "gpol_test",
      "treadle.check.version": 3,
      "treadle.check.rule": 0,
      "treadle.check.detector": "email",
      "treadle.check.detector_version": 1,
      "treadle.check.action": "redact",
      "treadle.check.threshold": 0.5,
      "treadle.check.texts": 1,
      "treadle.check.count": 2,
      "treadle.check.score": 1,
      "treadle.check.ms": expect.any(Number),
      "treadle.check.views": ["text"],
      "treadle.check.findings": [
        {
          trust: "user",
          path: "messages.0.content",
          kind: "email",
          action: "redact",
          view: "text",
          count: 2,
          score: 1,
          offsets: [
            [5, 20],
            [61, 76],
          ],
        },
      ],
    });
    expect(JSON.stringify(checks)).not.toMatch(/example\.com|4111/);
  });

  test("with content that no rule can scan have no spans for that, and the stage names it", async () => {
    use(ruleOf("email", "flag"), ruleOf("card", "flag"));
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
    const content = [{ type: "text", text: "What is this?" }, image];
    const { checks } = await ask("", { messages: [{ role: "user", content }] });
    expect(checks.map(({ name }) => name)).toEqual(["guard request", "guard answer"]);
    expect(checks[0]?.attributes["treadle.check.not_scanned"]).toEqual([
      { trust: "user", path: "messages.0.content.1", reason: "unknown-content" },
    ]);
    expect(listOf(checks[0])[1]).toMatchObject({ texts: 1, not_scanned: ["unknown-content"] });
  });

  test("that failed have a span that says why", async () => {
    use(ruleOf("email", "flag"), ruleOf("missing", "block", { failure: "closed" }));
    const { call, checks } = await ask("Hello");
    expect(call).toMatchObject({ status: "error", errorType: "content_filter" });
    expect(checks.map(({ name, status }) => [name, status])).toEqual([
      ["guard request", "ok"],
      ["missing", "ok"],
    ]);
    expect(checks[1]?.attributes).toMatchObject({
      "treadle.check.action": "block",
      "treadle.check.texts": 0,
      "treadle.check.not_scanned": [{ trust: "user", path: "messages.0.content", reason: "failed" }],
    });
    expect(listOf(checks[0])[1]).toMatchObject({ not_scanned: ["failed"] });
  });

  test("of many rules are few spans", async () => {
    use(...Array.from({ length: 20 }, () => ruleOf("email", "flag", { scopes: ["user", "output"] })));
    const { checks } = await ask("Hello");
    expect(checks).toHaveLength(2);
    expect(listOf(checks[0])).toHaveLength(20);
  });

  test("lie within the call, and do not count as calls", async () => {
    use(ruleOf("email", "mask"), ruleOf("rude", "flag"));
    upstream.next.push((response) => sendJson(response, 200, ANSWERS.chat(`Write to ${EMAIL}, you rude person`)));
    const { call, checks } = await ask(QUESTION);
    expect(checks.map(({ name }) => name)).toEqual(["guard request", "email", "guard answer", "email", "rude"]);
    const byId = new Map([call, ...checks].map((span) => [span.spanId, span]));
    for (const check of checks) {
      const parent = byId.get(check.parentSpanId);
      expect(Span.parse(check)).toEqual(check);
      expect(check).toMatchObject({ inputTokens: 0, outputTokens: 0, costUsd: null, requestModel: "", endpoint: "" });
      expect(check.traceId).toBe(call.traceId);
      expect(Date.parse(check.startTime)).toBeGreaterThanOrEqual(Date.parse(parent?.startTime ?? "") - 0.002);
      // The call's own start is known to the millisecond.
      expect(endOf(check)).toBeLessThanOrEqual(endOf(parent as Span) + 1.5);
    }
    const [request, answer] = stagesOf(checks);
    expect(Date.parse(answer?.startTime ?? "")).toBeGreaterThanOrEqual(endOf(request as Span) - 1);
    const attributes = Object.keys(checks.flatMap((check) => Object.entries(check.attributes)));
    expect(attributes.filter((name) => name.startsWith("treadle.guard."))).toEqual([]);
  });

  test("of a stream last from its first text to its last", async () => {
    use(ruleOf("email", "mask"));
    upstream.next.push((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const [head = "", ...rest] = STREAMS.chat("Some ordinary words, and then the end.").split(/(?<=\n\n)/);
      response.write(head);
      setTimeout(() => response.end(rest.join("")), 0);
    });
    const { call, checks } = await ask("Hello", { stream: true });
    const [, answer] = checks;
    expect(answer?.name).toBe("guard answer");
    expect(listOf(answer)).toEqual([expect.objectContaining({ detector: "email", texts: 1 })]);
    expect(answer?.durationMs).toBeGreaterThanOrEqual(listOf(answer)[0]?.ms as number);
    expect(endOf(answer as Span)).toBeLessThanOrEqual(endOf(call) + 1.5);
  });

  test("of an answer that was asked for again are spans too", async () => {
    use(ruleOf("email", "reask", { scopes: ["output"] }));
    upstream.next.push(
      (response) => sendJson(response, 200, ANSWERS.chat(`Write to ${EMAIL}`)),
      (response) => sendJson(response, 200, ANSWERS.chat("Write to her")),
    );
    const { call, checks } = await ask("Hello");
    expect(call.attributes["treadle.guard.action"]).toBe("allow");
    expect(checks.map(({ name, attributes }) => [name, attributes["treadle.check.action"]])).toEqual([
      ["guard first answer", "reask"],
      ["email", "reask"],
      ["guard answer", "allow"],
    ]);
  });

  test("that sent the call to another model are spans too", async () => {
    use(ruleOf("card", "reroute", { target: "safe/m", scopes: ["user"] }));
    const { call, checks } = await ask(QUESTION);
    expect(call.attributes["treadle.guard.reroute"]).toEqual({
      from: "openai/gpt-4o",
      to: "safe/m",
      by: "gpol_test@3",
      kinds: ["card"],
    });
    expect(checks.map(({ name, attributes }) => [name, attributes["treadle.check.action"]])).toEqual([
      ["guard request", "reroute"],
      ["card", "reroute"],
      ["guard request", "flag"],
      ["card", "flag"],
    ]);
  });

  test("of each variant that was tried are spans", async () => {
    const variant = (name: string, model: string, priority: number) => ({ name, model, weight: 1, priority });
    open.name(
      endpointOf("support", {
        failover: "variants",
        variants: [variant("a", "openai/gpt-4o", 1), variant("b", "safe/m", 2)],
      }),
    );
    use(ruleOf("email", "flag", { scopes: ["user"] }));
    upstream.next.push((response) => sendJson(response, 500, { error: { message: "broken" } }));
    const { call, checks } = await ask("Hello", { model: "support" });
    expect(call.attempts).toHaveLength(2);
    expect(checks.map(({ name }) => name)).toEqual(["guard request", "guard request"]);
  });
});

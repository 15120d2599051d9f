import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let call: Client["call"];
beforeAll(async () => {
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
});
afterAll(() => treadle?.stop());

const patient = { timeout: 90_000, interval: 250 };
const LONG = 180_000;
const traceIdOf = (at: number) => String(at).padStart(32, "a");
const spanIdOf = (at: number) => String(at).padStart(16, "b");

const sendSpans = (count: number) =>
  call("POST /api/v1/spans", {
    body: {
      spans: Array.from({ length: count }, (_, at) => ({
        traceId: traceIdOf(at),
        spanId: spanIdOf(at),
        name: "chat",
        kind: "generation" as const,
        startTime: new Date().toISOString(),
        durationMs: 5,
        responseModel: at % 2 === 0 ? "even-1" : "odd-1",
        input: [{ role: "user", parts: [{ type: "text", content: `Question ${at}?` }] }],
        output: [{ role: "assistant", parts: [{ type: "text", content: `Answer ${at}.` }] }],
        metadata: { topic: at % 2 === 0 ? "even" : "odd" },
      })),
    },
  });

async function makePerson(name: string): Promise<Client["call"]> {
  const { key } = await call("POST /api/v1/api-keys", {
    body: { name, permissions: ["annotation:read", "annotation:write", "traces:content"] },
  });
  return createClient({ baseUrl: treadle.url, apiKey: key }).call;
}

test(
  "traces are added to a queue by a filter, two people answer, and their agreement is reported by topic",
  async () => {
    await sendSpans(40);
    const { queueId } = await call("POST /api/v1/annotation-queues", {
      body: {
        name: "Answers",
        overlap: 2,
        goldRate: 0,
        questions: [
          { type: "binary", key: "good", title: "Is it good?" },
          { type: "rating", key: "stars", title: "Stars", min: 1, max: 5 },
        ],
      },
    });
    const params = { queueId };
    const add = () =>
      call("POST /api/v1/annotation-queues/:queueId/items", {
        params,
        body: { from: "spans", select: { filter: "name:chat" }, sampling: { kind: "random", size: 40 } },
      });
    await expect.poll(async () => (await add()).matching, patient).toBe(40);
    expect((await add()).present).toBe(40);
    const people = [await makePerson("Ann"), await makePerson("Bo")];
    for (const [who, person] of people.entries())
      for (let at = 0; at < 40; at++) {
        const { items } = await person("POST /api/v1/annotation-queues/:queueId/next", { params, body: {} });
        const text = String(items[0]?.content.fields[1]?.value);
        const number = Number(/\d+/.exec(text)?.[0]);
        // They agree on even numbers. Bo contradicts on every second odd number.
        const differs = who === 1 && number % 2 === 1 && number % 4 === 1;
        const answers = { good: (number % 3 === 0) !== differs, stars: differs ? 1 : 1 + (number % 5) };
        await person("POST /api/v1/annotation-leases/:leaseId/answers", {
          params: { leaseId: items[0]?.leaseId ?? "" },
          body: { clientId: randomUUID(), status: "submitted", answers, msActive: 2_000 },
        });
      }
    const agreement = await call("GET /api/v1/annotation-queues/:queueId/agreement", {
      params,
      query: { slice: "topic" },
    });
    expect(agreement).toMatchObject({ measuredItems: 40, isPartial: false });
    const [good, stars] = agreement.items;
    expect(good).toMatchObject({ question: "good", scale: "nominal", kappaKind: "cohen", raw: { value: 0.75 } });
    expect(good?.alpha.interval?.low).toBeLessThan(good?.alpha.value ?? 0);
    expect(good?.slices.map(({ value, raw }) => [value, raw.value])).toEqual([
      ["odd", 0.5],
      ["even", 1],
    ]);
    expect(stars).toMatchObject({ question: "stars", scale: "ordinal" });
    const progress = await call("GET /api/v1/annotation-queues/:queueId/progress", { params });
    expect(progress.items).toMatchObject({ total: 40, complete: 30, disputed: 10, open: 0 });
    expect(progress.people.map(({ annotator, submitted, medianMs }) => [annotator.name, submitted, medianMs])).toEqual([
      ["Ann", 40, 2_000],
      ["Bo", 40, 2_000],
    ]);
    const [disputed] = (
      await call("GET /api/v1/annotation-queues/:queueId/items", { params, query: { status: "disputed", limit: 1 } })
    ).items;
    const itemId = disputed?.itemId ?? "";
    await call("POST /api/v1/annotation-items/:itemId/adjudications", {
      params: { itemId },
      body: { answers: { good: true, stars: 5 }, reason: "Looked it up.", seenVersion: 0 },
    });
    const item = await call("GET /api/v1/annotation-items/:itemId", { params: { itemId } });
    expect(item).toMatchObject({ status: "adjudicated", inclusionProbability: 1, adjudications: [{ version: 1 }] });
  },
  LONG,
);

test(
  "a rule brings what people disliked into a queue, once, also when the feedback comes later",
  async () => {
    const { queueId } = await call("POST /api/v1/annotation-queues", {
      body: { name: "Disliked", questions: [{ type: "text", key: "why", title: "What went wrong?" }] },
    });
    const params = { queueId };
    await call("POST /api/v1/annotation-queues/:queueId/rules", {
      params,
      body: { name: "thumbs down", trigger: { kind: "feedback", names: ["thumb"] }, priority: 3 },
    });
    for (const [at, value] of [
      [0, 0],
      [1, 1],
      [2, 0],
    ] as const)
      await call("POST /api/v1/feedback", {
        body: { target: { traceId: traceIdOf(at), spanId: spanIdOf(at) }, name: "thumb", value },
      });
    const items = async () =>
      (await call("GET /api/v1/annotation-queues/:queueId/items", { params })).items.map(
        ({ source, priority, reason }) => [source.traceId, priority, reason],
      );
    await expect
      .poll(async () => (await items()).sort(), patient)
      .toEqual([
        [traceIdOf(0), 3, "Rule: thumbs down"],
        [traceIdOf(2), 3, "Rule: thumbs down"],
      ]);
    const { items: rules } = await call("GET /api/v1/annotation-queues/:queueId/rules", { params });
    expect(rules).toMatchObject([{ added: 2, addedToday: 2, lastError: "" }]);
  },
  LONG,
);

test(
  "whole sessions are judged: people mark the conversation, agreement is reported, and approved sessions become rows",
  async () => {
    const turns = ["Where is it?", "And the other?"].map((question, at) => ({
      traceId: traceIdOf(500 + at),
      spanId: spanIdOf(500 + at),
      name: "talk",
      kind: "generation" as const,
      startTime: new Date(Date.now() + at).toISOString(),
      durationMs: 1,
      sessionId: "talk-1",
      input: [{ role: "user", parts: [{ type: "text", content: question }] }],
      output: [{ role: "assistant", parts: [{ type: "text", content: `Answer ${at}.` }] }],
    }));
    await call("POST /api/v1/spans", { body: { spans: turns } });
    const { queueId } = await call("POST /api/v1/annotation-queues", {
      body: {
        name: "Conversations",
        overlap: 2,
        goldRate: 0,
        questions: [
          { type: "binary", key: "good", title: "Is it good?" },
          {
            type: "span",
            key: "wrong",
            title: "Wrong",
            field: "conversation",
            options: [{ value: "a" }, { value: "b" }],
          },
        ],
      },
    });
    const params = { queueId };
    const sessionOf = () =>
      call("GET /api/v1/sessions/:sessionId", { params: { sessionId: "talk-1" }, query: {} }).catch(() => null);
    await expect.poll(async () => (await sessionOf())?.items.length, patient).toBe(2);
    const body = { from: "sessions" as const, sessionIds: ["talk-1"] };
    const add = () => call("POST /api/v1/annotation-queues/:queueId/items", { params, body });
    expect(await add()).toMatchObject({ added: 1, present: 0, skipped: 0 });
    expect(await add()).toMatchObject({ added: 0, present: 1 });
    const conversation = [
      { role: "user", content: "Where is it?" },
      { role: "assistant", content: "Answer 0." },
      { role: "user", content: "And the other?" },
      { role: "assistant", content: "Answer 1." },
    ];
    for (const [who, end] of [10, 20].entries()) {
      const person = await makePerson(`Judge ${who}`);
      const { items } = await person("POST /api/v1/annotation-queues/:queueId/next", { params, body: {} });
      expect(items).toMatchObject([
        { source: null, content: { fields: [{ key: "conversation", kind: "messages", value: conversation }] } },
      ]);
      await person("POST /api/v1/annotation-leases/:leaseId/answers", {
        params: { leaseId: items[0]?.leaseId ?? "" },
        body: {
          clientId: randomUUID(),
          status: "submitted",
          answers: { good: true, wrong: [{ start: 0, end, label: "a" }] },
        },
      });
    }
    const { items } = await call("GET /api/v1/annotation-queues/:queueId/agreement", { params, query: {} });
    const wrong = items.find(({ question }) => question === "wrong");
    expect(wrong).toMatchObject({ scale: "marks", items: 1, alpha: { value: null } });
    expect(wrong?.raw.value).toBeCloseTo(20 / 30, 12);
    const made = await call("POST /api/v1/feedback-to-dataset", {
      body: { from: { kind: "queue", queueId }, shape: "sft", isDryRun: true },
    });
    expect(made).toMatchObject({ found: 1, rows: 1, dropped: [] });
    expect(made.samples).toMatchObject([{ inputs: { messages: conversation.slice(0, 3) }, expected: conversation[3] }]);
  },
  LONG,
);

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "../../compat/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ withLocalModel: false });
});
afterAll(() => world?.close());

const HOUR_MS = 3_600_000;
const SHOP = [
  "Where is my parcel",
  "I want to send the shoes back",
  "Can I pay by card",
  "My order came without the lamp",
];
const NEW = [
  "How do I bake a sourdough bread",
  "Which flour makes a good pizza dough",
  "How long must yeast dough rise",
];

/** Records questions from some hours ago, each with a number and a separate conversation. */
const send = (texts: readonly string[], count: number, hoursAgo: number) =>
  world.call("POST /api/v1/spans", {
    body: {
      spans: Array.from({ length: count }, (_, at) => ({
        traceId: randomBytes(16).toString("hex"),
        spanId: randomBytes(8).toString("hex"),
        durationMs: 5,
        name: "drifting",
        kind: "generation" as const,
        responseModel: "shop-1",
        startTime: new Date(Date.now() - hoursAgo * HOUR_MS).toISOString(),
        input: [{ role: "user", parts: [{ type: "text", content: `${texts[at % texts.length]}, ${at}?` }] }],
        output: [{ role: "assistant", parts: [{ type: "text", content: `Of course, ${at}.` }] }],
      })),
    },
  });

test("new topics are added to the queue when the questions of a day have drifted", async () => {
  await send(SHOP, 70, 60);
  await send(SHOP, 50, 6);
  await send(NEW, 30, 6);
  await expect
    .poll(
      async () =>
        (await world.call("GET /api/v1/spans", { query: { filter: "name:drifting", limit: 200 } })).items.length,
      {
        timeout: 20_000,
      },
    )
    .toBe(150);
  const { queueId } = await world.call("POST /api/v1/annotation-queues", {
    body: { name: "New", questions: [{ type: "binary", key: "good", title: "Good?" }] },
  });
  const params = { queueId };
  const trigger = {
    kind: "drift" as const,
    filter: "name:drifting",
    share: 0.2,
    columns: [{ of: "question" as const }, { of: "category" as const, by: "model" }],
  };
  const preview = await world.call("POST /api/v1/annotation-queues/:queueId/drift", { params, body: { trigger } });
  expect(preview.findings).toMatchObject([
    { outcome: "drift", test: "mmd", window: 80, reference: 70 },
    { outcome: "too-little", change: null },
  ]);
  const isNew = (text: string) => /bread|dough/.test(text);
  expect(preview.spans.every(({ preview: text }) => isNew(text))).toBe(true);

  await world.call("POST /api/v1/annotation-queues/:queueId/rules", { params, body: { name: "drift", trigger } });
  const items = async () => (await world.call("GET /api/v1/annotation-queues/:queueId/items", { params })).items;
  await expect.poll(async () => (await items()).length, { timeout: 90_000, interval: 250 }).toBe(16);
  const brought = await items();
  expect(brought.filter(({ preview: text }) => isNew(text))).toHaveLength(16);
  expect(brought[0]?.reason).toMatch(/^Rule: drift · drift of the questions \(MMD² 0\.\d+, p = 0\.0\d+ by Holm\)/);
  const { items: rules } = await world.call("GET /api/v1/annotation-queues/:queueId/rules", { params });
  expect(rules[0]?.drift).toMatchObject({ looks: 1, alarms: 1 });
}, 180_000);

import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openWorld, type World } from "../../compat/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ withLocalModel: false });
  const texts = [
    "I would like my money back, the shoes do not fit",
    "How tall is the Eiffel Tower?",
    "Which trains go from Berlin to Munich tomorrow morning?",
  ];
  await world.call("POST /api/v1/spans", {
    body: {
      spans: texts.map((input, index) => ({
        traceId: String(index + 1).repeat(32),
        spanId: String(index + 1).repeat(16),
        name: "question",
        kind: "generation" as const,
        startTime: new Date().toISOString(),
        durationMs: 1,
        input,
      })),
    },
  });
  await vi.waitFor(
    async () => {
      const { items } = await world.call("GET /api/v1/spans", { query: { filter: "name:question" } });
      expect(items).toHaveLength(3);
    },
    { timeout: 20_000, interval: 200 },
  );
});
afterAll(() => world?.close());

test("a question is found by its meaning, without a word in common", async () => {
  const answer = await world.call("POST /api/v1/spans/similar", {
    body: { text: "refund for clothes", filter: "name:question" },
  });
  expect(answer).toMatchObject({ comparedSpans: 3, isPartial: false });
  expect(answer.items[0]?.span.inputPreview).toContain("money back");
  expect(answer.items.map(({ similarity }) => similarity)).toEqual(
    answer.items.map(({ similarity }) => similarity).toSorted((a, b) => b - a),
  );
});

test("only matching spans are compared", async () => {
  const answer = await world.call("POST /api/v1/spans/similar", {
    body: { text: "refund for clothes", filter: 'name:question "Munich"' },
  });
  expect(answer.items.map(({ span }) => span.inputPreview)).toEqual([expect.stringContaining("Munich")]);
});

test("a text that is none, or a filter that cannot be read, is refused in words", async () => {
  await expect(world.call("POST /api/v1/spans/similar", { body: { text: " " } })).rejects.toThrow("body.text");
  await expect(
    world.call("POST /api/v1/spans/similar", { body: { text: "refund", filter: "latency>" } }),
  ).rejects.toThrow(/filter/i);
});

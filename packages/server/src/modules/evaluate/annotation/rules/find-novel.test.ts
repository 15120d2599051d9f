import type { Span } from "@treadle/contract";
import { describe, expect, test } from "vitest";
import { findNovel, novelAmong } from "./find-novel.ts";

const spanOf = (text: string, place: number) =>
  ({
    traceId: `t${place}`,
    spanId: `s${place}`,
    startTime: "2026-11-26T12:00:00.000Z",
    input: [{ role: "user", parts: [{ type: "text", content: text }] }],
  }) as unknown as Span;

/** Texts are compared by which of a few words they hold. */
const embed = async (texts: readonly string[]) =>
  texts.map((text) => ["order", "refund", "weather"].map((word) => Number(text.includes(word))));

const setUp = (known: readonly string[]) => ({
  embed,
  picked: {
    pick: async () => known.map((_, place) => ({ traceId: `k${place}`, spanId: `k${place}` })),
    async *read() {
      for (const [place, text] of known.entries()) yield { span: spanOf(text, place), scores: [] };
    },
    count: async () => known.length,
  } as never,
});
const trigger = { kind: "novelty", filter: "", share: 1, days: 7, below: 0.6 } as const;
const ask = (known: readonly string[], texts: readonly string[]) =>
  findNovel(setUp(known), {
    projectId: "p",
    trigger,
    filter: "",
    signal: AbortSignal.timeout(1_000),
    spans: texts.map(spanOf),
  });

describe("what is new", () => {
  const known = Array.from({ length: 30 }, (_, place) => (place % 2 ? "my order" : "a refund"));
  test("is what nothing known is near to, and only the first of those alike", async () => {
    const novel = await ask(known, ["my order again", "the weather", "weather, please", "a refund"]);
    expect(novel.map(({ spanId }) => spanId)).toEqual(["s1"]);
  });
  test("is undecided while there is too little data", async () => {
    await expect(ask(known.slice(0, 5), ["the weather"])).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("Only 5 spans"),
    });
  });
  test("a span without a text is not new", async () => {
    expect(await ask(known, [""])).toEqual([]);
  });
});

test("a vector of no length is near to nothing and does not become a number that is none", () => {
  expect(novelAmong([[0, 0]], [[1, 0]], 0.5)).toEqual([0]);
  expect(novelAmong([[2, 0]], [[1, 0]], 0.5)).toEqual([]);
});

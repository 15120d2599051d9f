import { createRandom, createVectors } from "@treadle/metrics";
import { expect, test } from "vitest";
import { DAY_MS } from "../../../../kernel/day.ts";
import { findDistantGroups } from "./find-distant.ts";
import { findTopics } from "./find-topics.ts";
import { matchTopics } from "./match-topics.ts";
import type { KnownTopicOrder, TopicsOrder } from "./orders.ts";
import { growthOf } from "./topic-numbers.ts";
import { nameGroups, wordsOf } from "./words.ts";

const SIZE = 32;
const FROM = Date.parse("2026-11-01T00:00:00Z");
const THEMES = [
  "card delivery late",
  "refund money back",
  "password reset login",
  "exchange rate currency",
  "app crash screen",
];

/** Texts of planted themes, with vectors around one axis per theme. */
function plant(count: number, seed: number, themes: readonly number[] = [0, 1, 2, 3, 4]): TopicsOrder {
  const { next: random } = createRandom(seed);
  const kinds = Array.from({ length: count }, (_, row) => themes[row % themes.length] ?? 0);
  const noise = () => (random() - 0.5) * 0.25;
  return {
    traceIds: kinds.map((_, row) => `trace ${seed} ${row}`),
    texts: kinds.map((kind, row) => `${THEMES[kind] ?? "parrot sketch comedy"} number ${row % 7}`),
    facts: kinds.map((_, row) => ({
      atMs: FROM + ((row * 7_919) % (14 * 24)) * 3_600_000,
      isError: row % 10 === 0,
      costUsd: 0.01,
      durationMs: 100 + row,
      feedback: row % 20 === 0 ? 1 : null,
    })),
    embedded: kinds.map((_, row) => row),
    vectors: kinds.map((kind) => Array.from({ length: SIZE }, (_, at) => (at === kind ? 1 : 0) + noise())),
    size: SIZE,
    topics: 5,
    before: [],
    fromMs: FROM,
    toMs: FROM + 14 * DAY_MS,
  };
}

const purityOf = (rows: readonly number[], themes: number) => {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row % themes, (counts.get(row % themes) ?? 0) + 1);
  return Math.max(...counts.values()) / rows.length;
};

function asBefore(order: TopicsOrder): KnownTopicOrder[] {
  const { topics } = findTopics(order);
  return topics.map((topic, place) => ({
    topicId: `topic ${place}`,
    parentId: topic.parent === null ? null : `topic ${topic.parent}`,
    center: topic.center,
    radius: topic.radius,
    isOther: topic.isOther,
    members: topic.rows.map((row) => order.traceIds[row] ?? ""),
  }));
}

test("planted themes become topics, named by their own words, with subtopics that divide them", () => {
  const order = plant(1_000, 1);
  const { topics } = findTopics(order);
  const tops = topics.filter(({ parent }) => parent === null);
  expect(tops).toHaveLength(5);
  for (const top of tops) expect(purityOf(top.rows, 5)).toBeGreaterThan(0.95);
  expect(tops.map(({ words }) => words.join(" ")).some((words) => words.includes("refund"))).toBe(true);
  const [first] = tops;
  const subs = topics.filter(({ parent }) => parent === 0);
  expect(subs.length).toBeGreaterThanOrEqual(2);
  expect(subs.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(first?.rows.length);
  expect(first?.numbers.share).toBeCloseTo(0.2, 2);
  expect(first?.numbers.days.reduce((sum, { traces }) => sum + traces, 0)).toBe(first?.rows.length);
});

test("topics are stable over two runs, also when half of the traces are new", () => {
  const order = plant(1_000, 1);
  const before = asBefore(order);
  const again = findTopics({ ...order, before });
  expect(again.topics.map(({ matched }) => matched)).toEqual(before.map(({ topicId }) => topicId));
  const later = findTopics({ ...plant(1_000, 2), before });
  const tops = later.topics.filter(({ parent }) => parent === null);
  expect(new Set(tops.map(({ matched }) => matched)).size).toBe(5);
  expect(tops.every(({ matched }) => matched !== null)).toBe(true);
});

test("ten texts that are far from all topics are a new topic, and nine are none", () => {
  const before = asBefore(plant(1_000, 1));
  const withNew = (count: number) => {
    const [known, fresh] = [plant(500, 3), plant(count, 4, [9])];
    return findTopics({
      ...known,
      before,
      topics: null,
      traceIds: [...known.traceIds, ...fresh.traceIds],
      texts: [...known.texts, ...fresh.texts],
      facts: [...known.facts, ...fresh.facts],
      vectors: [...known.vectors, ...fresh.vectors],
      embedded: Array.from({ length: 500 + count }, (_, row) => row),
    }).topics.filter(({ parent, isDistant }) => parent === null && isDistant);
  };
  const found = withNew(12);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ matched: null });
  expect(found[0]?.rows.filter((row) => row >= 500)).toHaveLength(12);
  expect(found[0]?.words.join(" ")).toContain("parrot");
  expect(withNew(9)).toHaveLength(0);
});

test("a random split shows no growing topic beyond the rate of false alarms", () => {
  let alarms = 0;
  const [runs, groups] = [200, 12];
  for (let run = 0; run < runs; run++) {
    const { next: random } = createRandom(run + 1);
    const facts = Array.from({ length: 1_200 }, () => ({
      atMs: FROM + random() * 14 * DAY_MS,
      isError: false,
      costUsd: null,
      durationMs: 1,
      feedback: null,
    }));
    const rows = Array.from({ length: groups }, () => [] as number[]);
    for (let row = 0; row < facts.length; row++) rows[Math.floor(random() ** 2 * groups)]?.push(row);
    const growth = growthOf(rows, facts, { fromMs: FROM, toMs: FROM + 14 * DAY_MS });
    if (growth.some((one) => one !== null && one.verdict !== "inconclusive")) alarms++;
  }
  // Five of a hundred runs may show one. The bound is three standard errors above.
  expect(alarms / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
});

test("a topic that doubles its share grows", () => {
  const facts = Array.from({ length: 1_000 }, (_, row) => ({
    atMs: FROM + (row < 500 ? 1 : 8) * DAY_MS,
    isError: false,
    costUsd: null,
    durationMs: 1,
    feedback: null,
  }));
  const rows = facts.map((_, row) => row);
  const grown = rows.filter((row) => (row < 500 ? row % 10 === 0 : row % 5 === 0));
  const rest = rows.filter((row) => !grown.includes(row));
  const [growth, other] = growthOf([grown, rest], facts, { fromMs: FROM, toMs: FROM + 14 * DAY_MS });
  expect(growth).toMatchObject({ verdict: "growing" });
  expect(growth?.difference).toBeCloseTo(0.1);
  expect(growth?.lower).toBeGreaterThan(0);
  expect(other).toMatchObject({ verdict: "shrinking" });
  expect(
    growthOf(
      [rows],
      facts.map((one) => ({ ...one, atMs: FROM + 8 * DAY_MS })),
      { fromMs: FROM, toMs: FROM + 14 * DAY_MS },
    ),
  ).toEqual([null]);
});

test("texts that were not embedded are placed by their words", () => {
  const order = plant(1_000, 1);
  const embedded = order.embedded.filter((row) => row % 4 === 0);
  const { topics } = findTopics({ ...order, embedded, vectors: embedded.map((row) => order.vectors[row] ?? []) });
  const tops = topics.filter(({ parent }) => parent === null);
  const right = tops.reduce((sum, { rows }) => sum + purityOf(rows, 5) * rows.length, 0);
  expect(right / 1_000).toBeGreaterThan(0.95);
});

test("names are words that distinguish a group", () => {
  const texts = ["Where is my card?", "My card is late", "I want a refund", "Refund my order please"];
  expect(wordsOf("Where is my new card?")).toEqual(["new", "new card", "card"]);
  const [cards, refunds] = nameGroups(
    [
      [0, 1],
      [2, 3],
    ],
    texts.map(wordsOf),
  );
  expect(cards?.[0]).toBe("card");
  expect(refunds?.[0]).toBe("refund");
});

test("topics match by their members where the centers moved, and each once", () => {
  const ids = (from: number) => new Set(Array.from({ length: 20 }, (_, at) => `${from + at}`));
  const before = [
    { center: [1, 0, 0], members: ids(0) },
    { center: [0, 1, 0], members: ids(100) },
  ];
  const found = [
    { center: [0, 0, 1], members: ids(100) },
    { center: [1, 0.1, 0], members: ids(500) },
    { center: [1, 0, 0.1], members: ids(700) },
  ];
  const matches = matchTopics(found, before);
  expect(matches[0]).toBe(1);
  expect(matches.slice(1).filter((match) => match === 0)).toHaveLength(1);
});

test("without topics before, nothing is distant", () => {
  const vectors = createVectors();
  vectors.add([1, 0]);
  expect(findDistantGroups(vectors.get(), [0], [])).toEqual([]);
});

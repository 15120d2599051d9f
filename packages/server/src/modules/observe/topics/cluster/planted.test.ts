import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS } from "../../../../kernel/day.ts";
import { loadSentences } from "../../../../platform/inference/child/load-sentences.ts";
import { compareWithThemes, plantTexts } from "../testing/plant-texts.ts";
import { findTopics } from "./find-topics.ts";

/** A request of more texts can exceed its time limit on a busy machine. */
const BATCH = 16;
const signal = new AbortController().signal;
let model: Awaited<ReturnType<typeof loadSentences>>;
beforeAll(async () => {
  model = await loadSentences();
}, 120_000);
afterAll(() => model?.dispose());

const vectorOf = new Map<string, ArrayLike<number>>();

/** Topics of texts of which only the first are embedded. */
async function find(texts: readonly string[], most: number) {
  const missing = [...new Set(texts.slice(0, most))].filter((text) => !vectorOf.has(text));
  for (let next = 0; next < missing.length; next += BATCH) {
    const batch = missing.slice(next, next + BATCH);
    const { vectors } = await model.embed(batch, signal);
    for (const [place, text] of batch.entries()) vectorOf.set(text, vectors[place] ?? []);
  }
  const embedded = texts.flatMap((_text, row) => (row < most ? [row] : []));
  return findTopics({
    traceIds: texts.map((_, row) => `trace ${row}`),
    texts,
    facts: texts.map((_, row) => ({
      atMs: (row % 14) * DAY_MS,
      isError: false,
      costUsd: null,
      durationMs: 1,
      feedback: null,
    })),
    embedded,
    vectors: embedded.map((row) => vectorOf.get(texts[row] ?? "") ?? []),
    size: vectorOf.get(texts[0] ?? "")?.length ?? 0,
    topics: null,
    before: [],
    fromMs: 0,
    toMs: 14 * DAY_MS,
  }).topics.filter(({ parent }) => parent === null);
}

test.for([
  [300, 300],
  [3_000, 300],
] as const)(
  "planted themes with a share of at least 3 percent become topics",
  {
    timeout: 240_000,
  },
  async ([count, embedded]) => {
    const planted = plantTexts(count, 11);
    const tops = await find(
      planted.map(({ text }) => text),
      embedded,
    );
    const result = compareWithThemes(
      tops.map(({ rows }) => rows),
      planted,
    );
    console.info(`${count}: purity ${result.purity.toFixed(3)}, ${tops.length} topics of ${result.themes} themes`);
    expect(result).toMatchObject({ themes: 12, missing: [] });
    expect(result.purity).toBeGreaterThanOrEqual(0.9);
    expect(tops.length).toBeLessThanOrEqual(20);
  },
);

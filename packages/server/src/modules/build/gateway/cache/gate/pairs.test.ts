import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createInference } from "../../../../../platform/inference/open.ts";
import type { Inference } from "../../../../../platform/inference/port.ts";
import { BUILTIN } from "../../../models/index.ts";
import { normalizeQuestion, textToEmbed } from "./normalize-question.ts";
import { readQuestion } from "./read-question.ts";
import { refusalOf } from "./refusal-of.ts";
import { OTHER_LANGUAGES, type Pair, REFUSED } from "./testing/refused-pairs.ts";
import { NORMALIZED, REWORDED, REWORDED_ELSEWHERE } from "./testing/served-pairs.ts";

const THRESHOLD = 0.92;
/** Both are measured. A change that lowers them has to be wanted. */
const LEAST_BY_GATE = 70;
const LEAST_SERVED = 48;

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let inference: Inference;
beforeAll(() => {
  inference = createInference({ memoryBudgetBytes: 2 ** 30, parallel: 1, threads: 1, log });
});
afterAll(() => inference.close());

const isNormal = ([one, two]: Pair) => normalizeQuestion(one) === normalizeQuestion(two);
const passes = ([one, two]: Pair, language: string) =>
  isNormal([one, two]) || refusalOf(readQuestion(one, language), readQuestion(two, language)) === null;

/** The cosine of each pair by the embedding model that ships with the program. */
async function similarities(pairs: readonly Pair[]): Promise<number[]> {
  const texts = pairs.flatMap((pair) => pair.map(textToEmbed));
  const { vectors } = await inference.embed({ modelId: BUILTIN.id, texts }, new AbortController().signal);
  return pairs.map((_, place) => likeness(vectors[2 * place] ?? [], vectors[2 * place + 1] ?? []));
}
const likeness = (one: readonly number[], two: readonly number[]) =>
  one.reduce((sum, value, place) => sum + value * (two[place] ?? 0), 0) / Math.hypot(...one) / Math.hypot(...two);

test("there are at least 300 pairs", () => {
  const all = [...Object.values(REFUSED).flat(), ...OTHER_LANGUAGES, ...NORMALIZED, ...REWORDED, ...REWORDED_ELSEWHERE];
  expect(all.length).toBeGreaterThanOrEqual(300);
  expect(new Set(all.map((pair) => JSON.stringify(pair))).size).toBe(all.length);
});

describe("pairs with different answers", () => {
  test("are never served, whatever their vectors are", () => {
    const served = Object.values(REFUSED)
      .flat()
      .filter((pair) => passes(pair, "en"));
    expect(served).toEqual([]);
    expect(OTHER_LANGUAGES.filter((pair) => passes(pair, "xx"))).toEqual([]);
  });

  test("would often be served by their vectors alone", { timeout: 120_000 }, async () => {
    const near = (await similarities(Object.values(REFUSED).flat())).filter((one) => one >= THRESHOLD);
    expect(near.length).toBeGreaterThan(80);
  });
});

describe("pairs with one answer", () => {
  test("that differ in case, spaces or end punctuation are always served", () => {
    expect(NORMALIZED.filter((pair) => !isNormal(pair))).toEqual([]);
  });

  test("that differ in function words pass the gate, and more than half have near vectors", {
    timeout: 120_000,
  }, async () => {
    const passed = [
      ...REWORDED.filter((pair) => passes(pair, "en")),
      ...REWORDED_ELSEWHERE.filter((pair) => passes(pair, "xx")),
    ];
    expect(passed.length).toBeGreaterThanOrEqual(LEAST_BY_GATE);
    const near = (await similarities(passed)).filter((one) => one >= THRESHOLD);
    expect(near.length).toBeGreaterThanOrEqual(LEAST_SERVED);
  });
});

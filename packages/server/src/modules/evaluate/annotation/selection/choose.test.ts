import { createRandom } from "@treadle/metrics";
import { expect, test } from "vitest";
import { type Candidate, chooseCandidates } from "./choose.ts";
import { expectGain } from "./expect-gain.ts";

const WEIGHTS = { uncertain: 1, disagreement: 1, important: 0.5, unlike: 0 };
const candidate = (uncertain: number, vector: number[] | null = null): Candidate => ({
  uncertain,
  disagreement: 0,
  important: 0,
  vector,
});

test("weighted by the chances, what was chosen and what was drawn give the mean of all without bias", () => {
  const random = createRandom(3);
  const all = Array.from({ length: 60 }, () => candidate(random.next()));
  // Labels correlate with the judge's certainty, so a selection of only uncertain spans would mislead.
  const truth = all.map(({ uncertain }) => (uncertain > 0.5 ? 1 : 0) + uncertain);
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  const runs = Array.from({ length: 3_000 }, (_, seed) => {
    const chosen = chooseCandidates(all, { size: 15, randomShare: 0.4, weights: WEIGHTS, seed, drawnShare: 1 });
    const weighted =
      chosen.reduce((sum, one) => sum + (truth[one.place] ?? 0) / one.inclusionProbability, 0) / all.length;
    const plain = chosen.reduce((sum, one) => sum + (truth[one.place] ?? 0), 0) / chosen.length;
    return { weighted, plain };
  });
  const averageOf = (name: "weighted" | "plain") => runs.reduce((sum, run) => sum + run[name], 0) / runs.length;
  expect(Math.abs(averageOf("weighted") - mean)).toBeLessThan(0.01);
  expect(averageOf("plain") - mean).toBeGreaterThan(0.2);
});

test("the random share is included, whatever the worth, and no span occurs twice", () => {
  const all = Array.from({ length: 20 }, (_, at) => candidate(at / 20));
  const chosen = chooseCandidates(all, { size: 10, randomShare: 0.2, weights: WEIGHTS, seed: 1, drawnShare: 0.5 });
  expect(new Set(chosen.map(({ place }) => place)).size).toBe(10);
  expect(chosen.filter(({ reason }) => reason === "random")).toHaveLength(2);
  expect(chosen.slice(0, 2)).toMatchObject([
    { place: 19, reason: "uncertain", inclusionProbability: 0.5 },
    { place: 18, reason: "uncertain" },
  ]);
  expect(chosen.at(-1)?.inclusionProbability).toBeCloseTo((0.5 * 2) / 12, 12);
  expect(
    chooseCandidates(all.slice(0, 3), { size: 10, randomShare: 0.2, weights: WEIGHTS, seed: 1, drawnShare: 1 }),
  ).toHaveLength(3);
  expect(chooseCandidates([], { size: 10, randomShare: 0.2, weights: WEIGHTS, seed: 1, drawnShare: 1 })).toEqual([]);
});

test("of spans that are worth the same, those unlike the ones taken come first", () => {
  const all = [candidate(1, [1, 0]), candidate(0.9, [1, 0.01]), candidate(0.85, [0, 1])];
  const weights = { ...WEIGHTS, unlike: 1 };
  const [first, second] = chooseCandidates(all, { size: 3, randomShare: 0.2, weights, seed: 1, drawnShare: 1 });
  expect([first?.place, second?.place]).toEqual([0, 2]);
  expect(second?.unlike).toBeCloseTo(0.5, 2);
});

test("more labels narrow the interval, by less for each further minute, and all of them close it", () => {
  const of = (drawn: number) => expectGain({ labelled: 0, drawn, chosen: 0, matching: 1_000 }, 30);
  expect(of(50)).toMatchObject({ minutes: 25, widthNow: 1 });
  expect(of(50).widthAfter).toBeCloseTo(2 * 1.959964 * Math.sqrt((0.25 / 50) * (950 / 999)), 12);
  expect(of(100).widthAfter).toBeLessThan(of(50).widthAfter);
  expect(of(100).perMinute).toBeLessThan(of(50).perMinute);
  expect(of(1_000).widthAfter).toBe(0);
  expect(expectGain({ labelled: 500, drawn: 0, chosen: 0, matching: 1_000 }, 30)).toMatchObject({
    minutes: 0,
    perMinute: 0,
  });
});

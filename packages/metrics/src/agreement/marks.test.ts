import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { type Mark, markF1, pairwiseMarkF1 } from "./marks.ts";

const mark = (start: number, end: number, label = "wrong"): Mark => ({ start, end, label });

test("marks agree by the characters that two gave the same label", () => {
  expect(markF1([mark(0, 10)], [mark(5, 15)])).toBe(0.5);
  expect(markF1([mark(0, 10)], [mark(0, 10, "rude")])).toBe(0);
  expect(markF1([mark(0, 10)], [])).toBe(0);
  expect(markF1([], [])).toBe(1);
  // 6 of 10 and 8: 12/18.
  expect(markF1([mark(0, 4), mark(10, 16)], [mark(2, 4), mark(12, 18)])).toBeCloseTo(12 / 18, 12);
  expect(markF1([mark(0, 3), mark(3, 6)], [mark(0, 6)])).toBe(1);
});

test("what one person marked twice with a label counts once", () => {
  expect(markF1([mark(0, 10), mark(0, 10), mark(5, 12)], [mark(0, 12)])).toBe(1);
  expect(markF1([mark(0, 10), mark(2, 8)], [mark(0, 5)])).toBeCloseTo(10 / 15, 12);
});

test("of several people it is the mean over all pairs, and of one there is none", () => {
  expect(pairwiseMarkF1([[mark(0, 10)], [mark(0, 10)], [mark(5, 15)]])).toBeCloseTo((1 + 0.5 + 0.5) / 3, 12);
  expect(pairwiseMarkF1([[mark(0, 10)]])).toBeNull();
});

test("equals a count character by character, in both directions", () => {
  const random = createRandom(3);
  const drawn = (): Mark[] =>
    Array.from({ length: random.below(6) }, () => {
      const start = random.below(40);
      return mark(start, start + 1 + random.below(12), random.below(2) === 0 ? "wrong" : "rude");
    });
  const characters = (marks: readonly Mark[]) =>
    new Set(
      marks.flatMap(({ start, end, label }) => Array.from({ length: end - start }, (_, at) => `${label}${start + at}`)),
    );
  for (let round = 0; round < 300; round += 1) {
    const [one, other] = [drawn(), drawn()];
    const [mine, theirs] = [characters(one), characters(other)];
    const total = mine.size + theirs.size;
    expect(markF1(one, other)).toBeCloseTo(
      total === 0 ? 1 : (2 * [...mine].filter((one) => theirs.has(one)).length) / total,
      12,
    );
    expect(markF1(other, one)).toBe(markF1(one, other));
  }
});

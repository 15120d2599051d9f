import { createRandom } from "@treadle/metrics";
import { expect, test } from "vitest";
import { decideSide, guessSide } from "./decide-side.ts";
import { findTurn, looksFor } from "./find-turn.ts";

type World = {
  readonly states: number;
  readonly turn: number;
  readonly rates: readonly [number, number];
  readonly seed: number;
};

/** Searches a planted change like a bisect: states of pass or fail over 400 items, checked in batches of 20. */
async function searchIn({ states, turn, rates, seed }: World) {
  const random = createRandom(seed);
  const items = Array.from({ length: 400 }, () => random.next());
  // An item fails where its own difficulty is above what a state can do; one in twenty answers is luck.
  const scoreAt = (place: number, item: number) => {
    const rate = rates[place < turn ? 0 : 1];
    return random.next() < 0.05 ? Number(random.next() < 0.5) : Number((items[item] ?? 0) < rate);
  };
  const [good, bad] = [items.map((_, item) => scoreAt(0, item)), items.map((_, item) => scoreAt(states, item))];
  const fall = good.reduce((sum, one, item) => sum + one - (bad[item] ?? 0), 0) / items.length;
  let answers = 0;
  const found = await findTurn(0, states, async (place) => {
    const differences: number[] = [];
    const terms = { fall, range: 1, alpha: 0.05 / looksFor(states) };
    for (let item = 0; item < items.length; item++) {
      differences.push(scoreAt(place, item) - (good[item] ?? 0));
      answers++;
      const { decision } = item % 20 === 19 ? decideSide(differences, terms) : { decision: null };
      if (decision) return decision;
    }
    return guessSide(decideSide(differences, terms), terms);
  });
  return { found, answers };
}

test("a planted change is named in at least 95 of 100 searches, with fewer answers than all states have", async () => {
  let [named, answers] = [0, 0];
  for (let seed = 1; seed <= 100; seed++) {
    const turn = 1 + (seed % 12);
    const one = await searchIn({ states: 12, turn, rates: [0.8, 0.5], seed });
    named += Number(one.found === turn);
    answers += one.answers;
  }
  expect(named).toBeGreaterThanOrEqual(95);
  // Four looks over 400 items would be 1,600; the interval decides far earlier.
  expect(answers / 100).toBeLessThan(1_000);
});

test("n changes take the logarithm of n looks", async () => {
  for (const states of [1, 2, 3, 8, 100]) {
    let looks = 0;
    const turn = await findTurn(0, states, async (place) => {
      looks++;
      return place < states ? "good" : "bad";
    });
    expect(turn).toBe(states);
    expect(looks).toBeLessThanOrEqual(states === 1 ? 0 : looksFor(states));
  }
});

test("without a score for any item, nothing is decided", () => {
  expect(decideSide([], { fall: 0.2, range: 1, alpha: 0.05 })).toEqual({
    difference: null,
    low: -1,
    high: 1,
    decision: null,
  });
  expect(guessSide({ difference: null }, { fall: 0.2 })).toBe("good");
});

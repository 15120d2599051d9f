import { expect, test } from "vitest";
import { digamma } from "../distributions/index.ts";
import { createRandom, type Random } from "../random.ts";
import { mace, majorityVote, type Vote } from "./index.ts";

const LABELS = ["bad", "good", "unclear"] as const;
/**
 * How often each person answers seriously, and the answers otherwise. Two people always give the same answer, and two
 * answer at random.
 */
const RATERS = [
  { rater: "ada", competence: 0.9, habit: null },
  { rater: "bea", competence: 0.8, habit: null },
  { rater: "cem", competence: 0.7, habit: null },
  { rater: "always good", competence: 0, habit: "good" },
  { rater: "also good", competence: 0.05, habit: "good" },
  { rater: "dice", competence: 0, habit: null },
  { rater: "more dice", competence: 0, habit: null },
] as const;

function simulate(random: Random, items = 300) {
  const draw = () => LABELS[random.below(LABELS.length)] ?? LABELS[0];
  const truth = new Map<string, string>(Array.from({ length: items }, (_, at) => [`i${at}`, draw()]));
  const votes = [...truth].flatMap(([item, label]) =>
    RATERS.filter(() => random.next() < 0.8).map(({ rater, competence, habit }): Vote => {
      const isEarnest = random.next() < competence;
      return { item, rater, label: isEarnest ? label : (habit ?? draw()) };
    }),
  );
  return { truth, votes };
}
const rightOf = (truth: ReadonlyMap<string, string>, items: readonly { item: string; label: string | null }[]) =>
  items.filter(({ item, label }) => truth.get(item) === label).length / items.length;

test("those who answer without looking are found, and more of the truth than the majority has", () => {
  const random = createRandom(21);
  for (let run = 0; run < 10; run++) {
    const { truth, votes } = simulate(random);
    const result = mace(votes);
    expect(rightOf(truth, result.items)).toBeGreaterThan(rightOf(truth, majorityVote(votes)) + 0.1);
    for (const { rater, competence } of RATERS)
      expect(Math.abs((result.raters.find((one) => one.rater === rater)?.competence ?? -1) - competence)).toBeLessThan(
        0.15,
      );
  }
});

test("random answers are detected, and so is a rater who always gives the same answer", () => {
  const { votes } = simulate(createRandom(22), 600);
  const of = new Map(mace(votes).raters.map((one) => [one.rater, one]));
  expect(of.get("always good")?.strategy.good).toBeGreaterThan(0.9);
  expect(of.get("dice")?.strategy.good).toBeLessThan(0.45);
});

test("confidence means what it says: of the items held sure to 90 %, about so many are right", () => {
  const { truth, votes } = simulate(createRandom(23), 3_000);
  for (const [low, high] of [
    [0.6, 0.9],
    [0.9, 1.01],
  ] as const) {
    const inside = mace(votes).items.filter(({ confidence }) => confidence >= low && confidence < high);
    const mean = inside.reduce((sum, { confidence }) => sum + confidence, 0) / inside.length;
    expect(inside.length).toBeGreaterThan(50);
    expect(Math.abs(mean - rightOf(truth, inside))).toBeLessThan(0.05);
  }
});

test("known items are neither changed nor forgotten, and the order of votes changes nothing", () => {
  const { truth, votes } = simulate(createRandom(24), 60);
  const known = new Map([...truth].slice(0, 20));
  const [there, back] = [mace(votes, { known }), mace(votes.toReversed(), { known })];
  for (const [item, label] of known)
    expect(there.items.find((one) => one.item === item)).toMatchObject({ label, confidence: 1 });
  const turned = new Map(back.items.map((one) => [one.item, one.confidence]));
  for (const { item, confidence } of there.items) expect(turned.get(item)).toBeCloseTo(confidence, 8);
});

test("a tie is no label, nothing is nothing, and what is no vote is refused", () => {
  const votes = ["yes", "no"].map((label) => ({ item: "x", rater: label, label }));
  expect(mace(votes).items).toMatchObject([{ label: null, votes: 2 }]);
  expect(mace([])).toMatchObject({ items: [], raters: [] });
  expect(() => mace([...votes, ...votes])).toThrow("votes[2]: yes judged x twice");
  expect(() => mace(votes, { rounds: 0 })).toThrow("rounds is 0");
});

test("the digamma function has its known values", () => {
  expect(digamma(1)).toBeCloseTo(-0.577_215_664_901_532_9, 12);
  expect(digamma(0.5)).toBeCloseTo(-1.963_510_026_021_423_5, 12);
  expect(digamma(100)).toBeCloseTo(4.600_161_852_738_087, 12);
  expect(() => digamma(0)).toThrow("digamma of 0");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, type Random } from "../random.ts";
import {
  agreementWeights,
  dawidSkene,
  majorityVote,
  raterAccuracy,
  standardiseByRater,
  type Vote,
  weightedVote,
} from "./index.ts";

const LABELS = ["good", "bad", "unclear"];

/** Votes on items whose truth is known: careful raters, careless ones, and some who nearly always say the same. */
function simulate(random: Random, { items = 300, overlap = 5 } = {}) {
  const skills = [0.9, 0.85, 0.8, 0.45, 0.4, 0.4, 0.35].map((skill, place) => ({ rater: `r${place}`, skill }));
  const truth = new Map<string, string>(
    Array.from({ length: items }, (_, at) => [`i${at}`, LABELS[random.below(3)] ?? ""]),
  );
  const votes = [...truth].flatMap(([item, label]) => {
    const order = skills.map((rater) => ({ ...rater, at: random.next() })).sort((one, other) => one.at - other.at);
    return order.slice(0, overlap).map(({ rater, skill }): Vote => {
      if (random.next() < skill) return { item, rater, label };
      // Careless raters err in one direction, which a majority takes over.
      return { item, rater, label: skill < 0.5 ? "unclear" : (LABELS[random.below(3)] ?? "") };
    });
  });
  return { truth, votes };
}
const rightOf = (truth: ReadonlyMap<string, string>, found: readonly { item: string; label: string | null }[]) =>
  found.filter(({ item, label }) => truth.get(item) === label).length / truth.size;

test("Dawid and Skene's method finds more of the truth than the majority does, and weights lie between", () => {
  const random = createRandom(11);
  const runs = Array.from({ length: 20 }, () => {
    const { truth, votes } = simulate(random);
    return {
      majority: rightOf(truth, majorityVote(votes)),
      weighted: rightOf(truth, weightedVote(votes, agreementWeights(votes))),
      estimated: rightOf(truth, dawidSkene(votes, { trust: 1 }).items),
    };
  });
  expect(runs.every(({ estimated, majority }) => estimated > majority)).toBe(true);
  const mean = (name: "majority" | "weighted" | "estimated") =>
    runs.reduce((sum, run) => sum + run[name], 0) / runs.length;
  expect(mean("weighted")).toBeGreaterThan(mean("majority"));
  expect(mean("estimated")).toBeGreaterThan(mean("majority") + 0.1);
});

test("its confidence means what it says: of the items held sure to 90 %, about so many are right", () => {
  const { truth, votes } = simulate(createRandom(12), { items: 3_000 });
  const truths = dawidSkene(votes, { trust: 1 }).items;
  for (const [low, high] of [
    [0.6, 0.8],
    [0.8, 0.95],
    [0.95, 1.01],
  ] as const) {
    const inside = truths.filter(({ confidence }) => confidence >= low && confidence < high);
    const mean = inside.reduce((sum, { confidence }) => sum + confidence, 0) / inside.length;
    const right = inside.filter(({ item, label }) => truth.get(item) === label).length / inside.length;
    expect(inside.length).toBeGreaterThan(50);
    expect(Math.abs(mean - right)).toBeLessThan(0.08);
  }
});

test("raters are distinguished by their errors, and known items are neither changed nor forgotten", () => {
  const { truth, votes } = simulate(createRandom(13));
  const known = new Map([...truth].slice(0, 60));
  const { raters, items } = dawidSkene(votes, { known, trust: 1 });
  const of = new Map(raters.map((rater) => [rater.rater, rater]));
  expect(of.get("r0")?.accuracy).toBeGreaterThan(0.8);
  expect(of.get("r6")?.accuracy).toBeLessThan(0.7);
  expect(of.get("r6")?.confusion.good?.unclear).toBeGreaterThan(0.4);
  for (const [item, label] of known)
    expect(items.find((one) => one.item === item)).toMatchObject({ label, confidence: 1 });
  const wrong = new Map([["i0", "a label that nobody gave"]]);
  expect(dawidSkene(votes, { known: wrong }).items[0]).toMatchObject({
    label: "a label that nobody gave",
    confidence: 1,
  });
});

test("a tie is no label, and one vote is a label with what that rater is worth", () => {
  const votes = [
    { item: "x", rater: "a", label: "yes" },
    { item: "x", rater: "b", label: "no" },
    { item: "y", rater: "a", label: "yes" },
  ];
  expect(majorityVote(votes)).toEqual([
    { item: "x", label: null, confidence: 0.5, shares: { yes: 0.5, no: 0.5 }, votes: 2 },
    { item: "y", label: "yes", confidence: 1, shares: { yes: 1 }, votes: 1 },
  ]);
  expect(weightedVote(votes, new Map([["b", 3]]))[0]).toMatchObject({ label: "no", confidence: 0.75 });
  expect(weightedVote(votes, new Map([["a", 0]]))[1]).toMatchObject({ label: null, confidence: 0, shares: {} });
  expect(majorityVote([])).toEqual([]);
  expect(dawidSkene([])).toMatchObject({ items: [], raters: [] });
});

test("a rater's accuracy is over known items only", () => {
  const votes = [
    { item: "x", rater: "a", label: "yes" },
    { item: "y", rater: "a", label: "no" },
    { item: "y", rater: "b", label: "no" },
  ];
  expect(raterAccuracy(votes, new Map([["x", "no"]]))).toEqual([
    { rater: "a", votes: 1, right: 0 },
    { rater: "b", votes: 0, right: 0 },
  ]);
});

test("neither the order of votes nor the names of items and raters change what is found", () => {
  const vote = fc.record({
    item: fc.integer({ max: 6, min: 0 }),
    rater: fc.integer({ max: 3, min: 0 }),
    label: fc.constantFrom("a", "b"),
  });
  const votes = fc.uniqueArray(vote, { maxLength: 24, selector: ({ item, rater }) => item * 10 + rater });
  fc.assert(
    fc.property(votes, (raw) => {
      const named = raw.map(({ item, rater, label }) => ({ item: `i${item}`, rater: `r${rater}`, label }));
      const other = named.map(({ item, rater, label }) => ({ item: `z ${item}`, rater: `é${rater}`, label })).reverse();
      const turned = new Map(dawidSkene(other, { trust: 0.5 }).items.map((one) => [one.item, one]));
      for (const { item, label, confidence } of dawidSkene(named, { trust: 0.5 }).items) {
        const twin = turned.get(`z ${item}`);
        expect(twin?.confidence).toBeCloseTo(confidence, 8);
        if (confidence > 0.5 + 1e-6) expect(twin?.label).toBe(label);
      }
    }),
    { seed: 41 },
  );
});

test("ratings of strict and of kind raters come to one scale", () => {
  const strict = [1, 2, 3, 2, 1].map((value) => ({ rater: "strict", value }));
  const kind = [3, 4, 5, 4, 3].map((value) => ({ rater: "kind", value }));
  const scaled = standardiseByRater([...strict, ...kind]);
  for (const place of strict.keys()) expect(scaled[place]).toBeCloseTo(scaled[place + 5] ?? Number.NaN, 12);
  expect(scaled[0]).toBeCloseTo(-0.8 / Math.sqrt(0.56), 12);
  const few = standardiseByRater([...strict, { rater: "new", value: 3 }]);
  expect(few[5]).toBeCloseTo(few[2] === undefined ? Number.NaN : 1 / Math.sqrt(2 / 3), 12);
  expect(standardiseByRater([3, 3, 3].map((value) => ({ rater: "a", value })))).toEqual([0, 0, 0]);
  expect(standardiseByRater([])).toEqual([]);
});

test.each([
  [() => majorityVote([1, 2].map((at) => ({ item: "x", rater: "a", label: `${at}` }))), "votes[1]: a judged x twice"],
  [() => weightedVote([{ item: "x", rater: "a", label: "y" }], new Map([["a", -1]])), "The weight of a is -1"],
  [() => dawidSkene([], { trust: Number.NaN }), "trust is NaN"],
  [() => dawidSkene([], { rounds: 0 }), "rounds is 0"],
  [() => standardiseByRater([{ rater: "a", value: Number.NaN }]), "ratings[0] is NaN"],
])("what is no vote is refused %#", (call, message) => {
  expect(call).toThrow(message);
});

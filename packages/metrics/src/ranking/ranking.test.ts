import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { eloExpectation, eloRatings, type Match, rankByMatches } from "./index.ts";

const random = createRandom(5);
const STRENGTHS = { strong: 1.2, middle: 0, weak: -1.2 };
const NAMES = ["strong", "middle", "weak"] as const;

/** Matches that go as the strengths say, the longer answer being liked more by `lengthEffect`. */
function play(count: number, lengthEffect = 0): Match[] {
  return Array.from({ length: count }, (_, match) => {
    const a = NAMES[match % 3] ?? "weak";
    const b = NAMES[(match + 1 + random.below(2)) % 3] ?? "weak";
    const lengths: [number, number] = [
      10 + random.below(90) + (a === "weak" ? 200 : 0),
      10 + random.below(90) + (b === "weak" ? 200 : 0),
    ];
    const gap = STRENGTHS[a] - STRENGTHS[b] + (lengthEffect * (lengths[0] - lengths[1])) / (lengths[0] + lengths[1]);
    return { a, b, outcome: random.next() < 1 / (1 + Math.exp(-gap)) ? 1 : 0, lengths };
  });
}

test("two players that win 3 to 1 lie as far apart as the odds say", () => {
  const matches = [1, 1, 1, 0].map((outcome) => ({ a: "x", b: "y", outcome }));
  const { ratings } = rankByMatches(matches, { resamples: 0 });
  expect(ratings.map(({ name }) => name)).toEqual(["x", "y"]);
  expect((ratings[0]?.rating ?? 0) - (ratings[1]?.rating ?? 0)).toBeCloseTo(400 * Math.log10(3), 8);
  expect((ratings[0]?.rating ?? 0) + (ratings[1]?.rating ?? 0)).toBeCloseTo(2_000, 8);
  expect(ratings[0]).toMatchObject({ matches: 4, interval: null });
});

test("ratings come near the strengths, inside their intervals", () => {
  const { ratings, lengthPoints } = rankByMatches(play(3_000), { resamples: 200 });
  expect(ratings.map(({ name }) => name)).toEqual([...NAMES]);
  for (const { name, rating, interval } of ratings) {
    const truth =
      1_000 + (400 / Math.LN10) * (Object.entries(STRENGTHS).find(([each]) => each === name)?.[1] ?? Number.NaN);
    expect(Math.abs((rating ?? 0) - truth)).toBeLessThan(40);
    expect(interval?.[0]).toBeLessThan(rating ?? 0);
    expect(interval?.[1]).toBeGreaterThan(rating ?? 0);
  }
  expect(lengthPoints).toBeNull();
});

test("what length wins is taken out when asked", () => {
  const matches = play(4_000, 3);
  const gapOf = (controlLength: boolean) => {
    const { ratings } = rankByMatches(matches, { controlLength, resamples: 0 });
    const at = (name: string) => ratings.find((rated) => rated.name === name)?.rating ?? Number.NaN;
    return at("strong") - at("weak");
  };
  const truth = (400 / Math.LN10) * 2.4;
  expect(Math.abs(gapOf(true) - truth)).toBeLessThan(80);
  expect(Math.abs(gapOf(false) - truth)).toBeGreaterThan(150);
  expect(rankByMatches(matches, { controlLength: true, resamples: 0 }).lengthPoints).toBeGreaterThan(50);
});

test("what several styles win is taken out together, each with an interval that holds it", () => {
  const draw = createRandom(21);
  const matches = Array.from({ length: 3_000 }, (_, match): Match => {
    const [a, b] = match % 2 ? (["plain", "dressed"] as const) : (["dressed", "plain"] as const);
    const sizeOf = (name: string) => 1 + draw.below(name === "dressed" ? 12 : 5);
    const [headings, lists]: [number, number][] = [
      [sizeOf(a), sizeOf(b)],
      [1 + draw.below(6), 1 + draw.below(6)],
    ];
    const share = ([one, other]: [number, number] = [1, 1]) => (one - other) / (one + other);
    const gap = (a === "plain" ? 0.5 : -0.5) + 2 * share(headings) - share(lists);
    const outcome = draw.next() < 1 / (1 + Math.exp(-gap)) ? 1 : 0;
    return { a, b, outcome, styles: { headings: headings ?? [0, 0], lists: lists ?? [0, 0], same: [3, 3] } };
  });
  expect(rankByMatches(matches, { resamples: 0 }).ratings[0]?.name).toBe("dressed");
  const { ratings, effects } = rankByMatches(matches, {
    controlStyles: ["headings", "lists", "same"],
    resamples: 100,
  });
  expect(ratings[0]?.name).toBe("plain");
  const [headings, lists, same] = effects;
  expect(headings?.interval?.[0]).toBeGreaterThan(0);
  expect(lists?.interval?.[1]).toBeLessThan(0);
  expect(same).toEqual({ name: "same", points: null, interval: null });
  expect(() => rankByMatches(matches, { controlStyles: ["bold"] })).toThrow(
    "matches[0].styles.bold is missing or below 0: give both to control for style",
  );
});

test("who never lost, or never met the others, has no rating", () => {
  const unbeaten = [
    { a: "x", b: "y", outcome: 1 },
    { a: "y", b: "z", outcome: 1 },
    { a: "z", b: "y", outcome: 1 },
  ];
  expect(rankByMatches(unbeaten).ratings.every(({ rating, interval }) => rating === null && interval === null)).toBe(
    true,
  );
  const islands = [
    { a: "x", b: "y", outcome: 0.5 },
    { a: "v", b: "w", outcome: 0.5 },
  ];
  expect(rankByMatches(islands).ratings.every(({ rating }) => rating === null)).toBe(true);
  expect(rankByMatches([])).toEqual({ ratings: [], lengthPoints: null, effects: [] });
});

test("with two matches a rating exists, but no interval that could be trusted", () => {
  const matches = [1, 0].map((outcome) => ({ a: "x", b: "y", outcome }));
  expect(rankByMatches(matches, { resamples: 200 }).ratings).toEqual([
    { name: "x", matches: 2, rating: 1_000, interval: null },
    { name: "y", matches: 2, rating: 1_000, interval: null },
  ]);
});

test("matches of one item are no more than one: drawn together, they widen the interval as they should", () => {
  const widthOf = (matches: readonly Match[], clusters?: readonly string[]) => {
    const [first] = rankByMatches(matches, { resamples: 400, ...(clusters && { clusters }) }).ratings;
    return (first?.interval?.[1] ?? 0) - (first?.interval?.[0] ?? 0);
  };
  const own = play(300);
  const fourfold = own.flatMap((match) => [match, match, match, match]);
  const clusters = fourfold.map((_, place) => String(Math.floor(place / 4)));
  expect(widthOf(fourfold, clusters)).toBeGreaterThan(0.85 * widthOf(own));
  expect(widthOf(fourfold, clusters)).toBeLessThan(1.15 * widthOf(own));
  expect(widthOf(fourfold)).toBeLessThan(0.6 * widthOf(own));
});

test("Elo's points move from the loser to the winner, more for a surprise", () => {
  expect(eloExpectation(1_400, 1_000)).toBeCloseTo(10 / 11, 12);
  expect([...eloRatings([{ a: "x", b: "y", outcome: 1 }])]).toEqual([
    ["x", 1_016],
    ["y", 984],
  ]);
  const after = eloRatings(
    [
      { a: "x", b: "y", outcome: 1 },
      { a: "x", b: "y", outcome: 0.5 },
    ],
    { k: 20, start: 0 },
  );
  expect((after.get("x") ?? 0) + (after.get("y") ?? 0)).toBeCloseTo(0, 12);
  expect(after.get("x")).toBeLessThan(10);
});

test.each([
  [() => rankByMatches([{ a: "x", b: "x", outcome: 1 }]), "x against itself"],
  [() => rankByMatches([{ a: "x", b: "y", outcome: 2 }]), "matches[0].outcome is 2"],
  [() => rankByMatches([{ a: "x", b: "y", outcome: 1 }], { controlLength: true }), "matches[0].lengths is missing"],
  [() => rankByMatches([{ a: "x", b: "y", outcome: 1 }], { clusters: [] }), "0 clusters for 1 matches"],
  [() => eloRatings([{ a: "x", b: "y", outcome: Number.NaN }]), "matches[0].outcome is NaN"],
])("what is no match is refused %#", (call, message) => {
  expect(call).toThrow(message);
});

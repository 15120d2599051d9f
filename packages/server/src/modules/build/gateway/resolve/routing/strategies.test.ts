import { describe, expect, test } from "vitest";
import { type Candidate, inOrder, probabilitiesOf } from "./strategies.ts";

const candidate = (more: Partial<Candidate> = {}): Candidate => ({
  weight: 1,
  priority: 1,
  isAvailable: true,
  firstTokenMs: null,
  inFlight: 0,
  costUsd: null,
  ...more,
});
const rounded = (numbers: readonly number[]) => numbers.map((number) => Number(number.toFixed(6)));

describe("by weight", () => {
  test("each candidate has its part of the weights, also while its circuit is open", () => {
    const candidates = [candidate({ weight: 3 }), candidate({ isAvailable: false }), candidate({ weight: 0 })];
    expect(probabilitiesOf("weight", candidates)).toEqual([0.75, 0.25, 0]);
  });

  test("without any weight all are equal", () => {
    expect(probabilitiesOf("weight", [candidate({ weight: 0 }), candidate({ weight: 0 })])).toEqual([0.5, 0.5]);
  });
});

describe("by latency", () => {
  const at = (...times: (number | null)[]) => times.map((firstTokenMs) => candidate({ firstTokenMs }));

  test("the fastest gets everything but the exploration, which all share", () => {
    expect(rounded(probabilitiesOf("latency", at(100, 300)))).toEqual([0.975, 0.025]);
  });

  test("candidates within 20 percent of the fastest share the load by weight", () => {
    const candidates = [candidate({ firstTokenMs: 100, weight: 3 }), ...at(120, 121)];
    const [fast = 0, near = 0, slow = 0] = probabilitiesOf("latency", candidates);
    expect(fast / near).toBeCloseTo(3, 9);
    expect(slow).toBeCloseTo(0.05 / 5, 9);
    expect(fast + near + slow).toBeCloseTo(1, 12);
  });

  test("a candidate that was never measured counts as one of the fastest", () => {
    expect(rounded(probabilitiesOf("latency", at(100, null)))).toEqual([0.5, 0.5]);
  });

  test("one candidate alone is certain", () => {
    expect(probabilitiesOf("latency", at(100))).toEqual([1]);
  });

  test("an open circuit is left out, unless all are open", () => {
    const open = { isAvailable: false };
    expect(
      probabilitiesOf("latency", [candidate({ ...open, firstTokenMs: 1 }), candidate({ firstTokenMs: 900 })]),
    ).toEqual([0, 1]);
    expect(probabilitiesOf("latency", [candidate(open), candidate(open)])).toEqual([0.5, 0.5]);
  });
});

describe("by requests in flight", () => {
  test("the fewest for its weight gets the request, and equal ones share it by weight", () => {
    const busy = (inFlight: number, weight = 1) => candidate({ inFlight, weight });
    expect(probabilitiesOf("busy", [busy(2), busy(1), busy(1)])).toEqual([0, 0.5, 0.5]);
    expect(probabilitiesOf("busy", [busy(3, 4), busy(1, 1)])).toEqual([1, 0]);
    expect(probabilitiesOf("busy", [busy(0, 3), busy(0)])).toEqual([0.75, 0.25]);
  });
});

describe("by cost", () => {
  test("the cheapest gets the request; an unknown price is used only if no price is known", () => {
    const costing = (costUsd: number | null) => candidate({ costUsd });
    expect(probabilitiesOf("cost", [costing(0.02), costing(0.01), costing(null)])).toEqual([0, 1, 0]);
    expect(probabilitiesOf("cost", [costing(null), costing(0.5)])).toEqual([0, 1]);
    expect(probabilitiesOf("cost", [costing(null), costing(null)])).toEqual([0.5, 0.5]);
    expect(probabilitiesOf("cost", [costing(0), costing(0), costing(0.1)])).toEqual([0.5, 0.5, 0]);
  });
});

test.each(["weight", "latency", "busy", "cost"] as const)("by %s, a later priority gets no request", (strategy) => {
  const candidates = [
    candidate({ priority: 2, firstTokenMs: 1, costUsd: 0 }),
    candidate({ firstTokenMs: 9, inFlight: 5 }),
  ];
  expect(probabilitiesOf(strategy, candidates)).toEqual([0, 1]);
});

test("a strategy that measures takes the next priority while the first one is not available", () => {
  expect(probabilitiesOf("busy", [candidate({ isAvailable: false }), candidate({ priority: 2 })])).toEqual([0, 1]);
});

describe("the order of attempts", () => {
  const named = (name: string, more: Partial<Candidate>) => ({ ...candidate(more), name });
  const names = (items: readonly { name: string }[]) => items.map(({ name }) => name);

  test("is by priority, then what is available, then the strategy's score, unknown prices last", () => {
    const items = [
      named("later", { priority: 2, costUsd: 0 }),
      named("unknown", { costUsd: null }),
      named("open", { costUsd: 0, isAvailable: false }),
      named("expensive", { costUsd: 2 }),
      named("cheap", { costUsd: 1 }),
    ];
    expect(names(inOrder("cost", items, () => 0.5))).toEqual(["cheap", "expensive", "unknown", "open", "later"]);
  });

  test("of equal ones is random, by weight", () => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const items = [named("a", { weight: 3 }), named("b", { weight: 1 })];
    let first = 0;
    for (let count = 0; count < 4_000; count++) if (inOrder("weight", items, random)[0]?.name === "a") first++;
    // Four standard errors of 4,000 draws.
    expect(Math.abs(first / 4_000 - 0.75)).toBeLessThan(0.028);
  });
});

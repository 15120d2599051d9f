import { expect, test } from "vitest";
import type { LoggedUnit } from "./logged-store.ts";
import { weighUnits } from "./weigh-units.ts";

type Unit = readonly [variant: string, propensity: number, value: number | null];
const unit = (...[variant, propensity, value]: Unit): LoggedUnit => ({
  variant,
  propensity,
  choice: "1 ",
  day: "2026-12-01",
  calls: 1,
  valued: value === null ? 0 : 1,
  total: value ?? 0,
});
const many = (count: number, of: (place: number) => LoggedUnit) =>
  Array.from({ length: count }, (_, place) => of(place));
const terms = { policy: { new: 1 }, mostWeight: 20, alpha: 0.05, metric: { kind: "latency" as const } };

/** 400 units of the old variant with a mean of .25, and 100 of the new with .5: a fifth of the traffic. */
const LOGGED = [
  ...many(400, (place) => unit("old", 0.8, place % 4 === 0 ? 1 : 0)),
  ...many(100, (place) => unit("new", 0.2, place % 2)),
];

test("the estimates are those of the closed form", () => {
  const { estimates, logged, effectiveUnits, meanWeight, units } = weighUnits(LOGGED, terms);
  const [robust, snips, ips] = estimates;
  // Σ w r / n = 50 · 5 / 500, and Σ w r / Σ w = 250 / 500.
  expect(ips?.value).toBeCloseTo(0.5, 12);
  expect(snips?.value).toBeCloseTo(0.5, 12);
  expect(robust?.value).toBeCloseTo(0.5, 2);
  // √(var(w r) / n) with 50 values of 5 and 450 of 0: √(2.25450902 / 500).
  expect(ips?.standardError).toBeCloseTo(0.06714922, 6);
  // √(Σ (w (r − .5))²) / Σ w = √(100 · 6.25) / 500.
  expect(snips?.standardError).toBeCloseTo(0.05, 12);
  expect(snips?.low).toBeCloseTo(0.5 - 1.959963984540054 * 0.05, 10);
  expect(logged.value).toBeCloseTo(0.3, 12);
  expect([units, meanWeight]).toEqual([500, 1]);
  expect(effectiveUnits).toBeCloseTo(100, 9);
});

test("the doubly robust estimate is narrower where days differ", () => {
  const days = [0, 1].flatMap((day) =>
    [0.8, 0.2].flatMap((propensity) =>
      many(propensity * 500, (place) => ({
        ...unit(propensity === 0.8 ? "old" : "new", propensity, day * 10 + (place % 5) / 10),
        day: `2026-12-0${day + 1}`,
      })),
    ),
  );
  const [robust, , ips] = weighUnits(days, terms).estimates;
  expect(robust?.value).toBeCloseTo(5.2, 1);
  expect(robust?.standardError).toBeLessThan((ips?.standardError ?? 0) / 2);
});

test("a policy of shares lies between its variants", () => {
  const { estimates } = weighUnits(LOGGED, { ...terms, policy: { new: 0.5, old: 0.5 } });
  expect(estimates[1]?.value).toBeCloseTo(0.375, 10);
});

test("units that had no choice are left out, so they do not pull the estimate down", () => {
  const before = many(1_000, () => unit("old", 1, 0));
  const earlier = many(500, () => ({ ...unit("old", 0.5, 0), choice: "0 " }));
  const { units, leftOut, estimates } = weighUnits([...LOGGED, ...before, ...earlier], terms);
  expect(units).toBe(500);
  expect(leftOut.withoutChoice).toBe(1_500);
  expect(estimates[2]?.value).toBeCloseTo(0.5, 12);
});

test("units without a value are counted, and clipped weights are named", () => {
  const rare = many(60, () => unit("new", 0.01, 1));
  const { clippedUnits, leftOut, warnings } = weighUnits([...LOGGED, ...rare, unit("new", 0.2, null)], terms);
  expect([clippedUnits, leftOut.withoutValue]).toEqual([60, 1]);
  expect(warnings.join(" ")).toContain("The weights of 60 units were clipped");
});

test("too little overlap is refused with the number of effective units", () => {
  const few = [...many(400, () => unit("old", 0.9, 1)), ...many(10, () => unit("new", 0.1, 1))];
  expect(() => weighUnits(few, terms)).toThrow(
    /410 units with a value are worth 10 of the policy itself, and 30 are needed/,
  );
});

test("an error rate without an error has Wilson's interval of the effective units", () => {
  const clean = [...many(80, () => unit("old", 0.5, 0)), ...many(80, () => unit("new", 0.5, 0))];
  const { estimates, effectiveUnits, warnings } = weighUnits(clean, { ...terms, metric: { kind: "error" } });
  expect(effectiveUnits).toBeCloseTo(80, 9);
  // 0 of 80 (statsmodels' proportion_confint).
  for (const { value, low, high } of estimates) {
    expect([value, low]).toEqual([0, 0]);
    expect(high).toBeCloseTo(0.0458184, 6);
  }
  expect(warnings).toEqual(["All units of the policy have the same value, so the uncertainty cannot be measured."]);
});

test("probabilities that do not fit the traffic are named, and chance is not", () => {
  // 45 % of the units got a variant with a logged probability of one half.
  const share = (units: number) => [
    ...many(units * 0.55, (place) => unit("old", 0.5, place % 3)),
    ...many(units * 0.45, (place) => unit("new", 0.5, place % 2)),
  ];
  expect(weighUnits(share(400), terms).warnings).toEqual([]);
  expect(weighUnits(share(4_000), terms).warnings.join(" ")).toContain("The mean weight is 0.90");
});

test("a variant that never had a choice is refused", () => {
  expect(() =>
    weighUnits(
      many(100, () => unit("old", 1, 1)),
      terms,
    ),
  ).toThrow(/no logged traffic in which each variant/);
});

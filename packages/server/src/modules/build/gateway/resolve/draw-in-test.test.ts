import { clopperPearsonInterval, inversePropensity } from "@treadle/metrics";
import { describe, expect, test } from "vitest";
import { endpointOf } from "../testing/open-gateway.ts";
import { drawInTest } from "./draw-in-test.ts";

const SHARES = [0.5, 0.3, 0.2];
const ADAPTIVE = { holdout: 0.1, shares: [0.05, 0.15, 0.8] };
const UNITS = 40_000;
const endpoint = endpointOf("support", {
  variants: SHARES.map((_, place) => ({ name: `v${place}`, model: `openai/m${place}`, weight: 1 })),
});
const abTest = {
  abTestId: "abt_1",
  arms: SHARES.map((share, place) => ({ variant: `v${place}`, share })),
  adaptive: ADAPTIVE,
};
const nothing = () => null;

function drawAll(more: Partial<typeof abTest> = {}) {
  return Array.from({ length: UNITS }, (_, place) => {
    const drawn = drawInTest(endpoint, { ...abTest, ...more }, { unit: `user:${place}`, findDrawn: nothing });
    if (!drawn) throw new Error("an arm is missing");
    return drawn;
  });
}
type Drawn = ReturnType<typeof drawAll>;

/** Whether the exact interval of this count, at one in a million, holds the probability. */
function isShare(count: number, of: number, probability: number): boolean {
  const [low, high] = clopperPearsonInterval({ successes: count, n: of }, 1e-6) ?? [1, 0];
  return low <= probability && probability <= high;
}
const countOf = (drawn: Drawn, name: string) => drawn.filter(({ variant }) => variant.name === name).length;

describe("adaptive shares", () => {
  const drawn = drawAll();
  const inside = drawn.filter(({ bucket }) => bucket < ADAPTIVE.holdout);
  const outside = drawn.filter(({ bucket }) => bucket >= ADAPTIVE.holdout);

  test("leave the holdout its share, which the fixed shares divide", () => {
    expect(isShare(inside.length, UNITS, ADAPTIVE.holdout)).toBe(true);
    for (const [place, share] of SHARES.entries())
      expect(isShare(countOf(inside, `v${place}`), inside.length, share)).toBe(true);
  });

  test("divide the other units", () => {
    for (const [place, share] of ADAPTIVE.shares.entries())
      expect(isShare(countOf(outside, `v${place}`), outside.length, share)).toBe(true);
  });

  test("give each span the probability where its unit lies", () => {
    const placeOf = (name: string) => Number(name.slice(1));
    for (const { variant, propensity } of inside) expect(propensity).toBe(SHARES[placeOf(variant.name)]);
    for (const { variant, propensity } of outside) expect(propensity).toBe(ADAPTIVE.shares[placeOf(variant.name)]);
    for (const [place, share] of SHARES.entries()) {
      const overall = ADAPTIVE.holdout * share + (1 - ADAPTIVE.holdout) * (ADAPTIVE.shares[place] ?? 0);
      expect(isShare(countOf(drawn, `v${place}`), UNITS, overall)).toBe(true);
    }
  });

  test("make inverse probabilities estimate what even shares would have given", () => {
    // Each variant's reward is its place: the mean over even shares is 1.
    const calls = drawn.map(({ variant, propensity }) => ({
      reward: Number(variant.name.slice(1)),
      propensity,
      target: 1 / 3,
    }));
    const [low, high] = inversePropensity(calls, { alpha: 1e-6 })?.interval ?? [1, 0];
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(1);
    expect(high - low).toBeLessThan(0.2);
  });

  test("never move a unit of the holdout", () => {
    const later = drawAll({ adaptive: { ...ADAPTIVE, shares: [0.9, 0.05, 0.05] } });
    const variants = (list: Drawn) =>
      list.filter(({ bucket }) => bucket < ADAPTIVE.holdout).map(({ variant }) => variant.name);
    expect(variants(later)).toEqual(variants(drawn));
  });
});

test("a unit stays with its first draw, and with its probability", () => {
  const first = { variant: "v1", propensity: 0.3 };
  const unit = Array.from({ length: 100 }, (_, place) => `user:${place}`).find(
    (one) => (drawInTest(endpoint, abTest, { unit: one, findDrawn: nothing })?.bucket ?? 0) >= ADAPTIVE.holdout,
  );
  expect(drawInTest(endpoint, abTest, { unit: unit ?? "", findDrawn: () => first })).toMatchObject({
    variant: { name: "v1" },
    propensity: 0.3,
  });
});

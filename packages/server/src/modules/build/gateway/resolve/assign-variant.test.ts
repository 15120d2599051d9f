import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { endpointOf } from "../testing/open-gateway.ts";
import { assignVariant, type Units } from "./assign-variant.ts";
import { hashUnit } from "./hash-unit.ts";

const NOTHING: Units = {
  user: "",
  session: "",
  conversation: () => "",
  isContinued: () => false,
  key: "",
  request: "r1",
};
const withWeights = (...weights: number[]) =>
  endpointOf("support", {
    variants: weights.map((weight, place) => ({ name: `v${place}`, model: `openai/m${place}`, weight })),
  });
const userOf = (place: number): Units => ({ ...NOTHING, user: `user_${place}` });

test.each([
  ["exp1", "u1", 0.4104],
  ["exp1", "u2", 0.2753],
  ["exp2", "u1", 0.5349],
  ["support-answer", "user_42", 0.5895],
  ["", "a", 0.0216],
])("the hash of %j and %j is GrowthBook's", (salt, unit, bucket) =>
  expect((hashUnit(salt, unit) % 10_000) / 10_000).toBe(bucket),
);

describe("a variant", () => {
  test("gets its share of the units, and none with the weight 0", () => {
    const endpoint = withWeights(70, 0, 30);
    const counts = [0, 0, 0];
    for (let place = 0; place < 20_000; place++) {
      const { variant, propensity } = assignVariant(endpoint, userOf(place), { forced: "" });
      const index = endpoint.variants.indexOf(variant);
      counts[index] = (counts[index] ?? 0) + 1;
      expect(propensity).toBe(variant.weight / 100);
    }
    expect(counts[1]).toBe(0);
    // Four standard errors of 20,000 draws at 30 %.
    expect(Math.abs((counts[2] ?? 0) / 20_000 - 0.3)).toBeLessThan(0.013);
  });

  test("keeps its units while its weight grows", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 99 }), fc.nat(50), (user, weight, more) => {
        const units = { ...NOTHING, user };
        const small = assignVariant(withWeights(weight, 100 - weight), units, { forced: "" });
        const grown = Math.min(100, weight + more);
        const large = assignVariant(withWeights(grown, 100 - grown), units, { forced: "" });
        expect(small.variant.name === "v0" && large.variant.name !== "v0").toBe(false);
        expect(large.bucket).toBe(small.bucket);
      }),
    );
  });

  test("that the caller names answers, and the call is marked", () => {
    const endpoint = withWeights(100, 0);
    expect(assignVariant(endpoint, userOf(1), { forced: "v1" })).toMatchObject({
      variant: { name: "v1" },
      isForced: true,
    });
    expect(() => assignVariant(endpoint, userOf(1), { forced: "other" })).toThrow(
      /has no such variant. It has: v0, v1\./,
    );
  });
});

describe("in a rollout", () => {
  const inRollout = (share: number, ...weights: number[]) => ({
    ...withWeights(0, ...weights),
    rollout: { rolloutId: "rol_1", candidate: "v0", control: "v1", share },
  });

  test("the candidate gets its share, and the others divide the rest by their weights", () => {
    const endpoint = inRollout(0.1, 75, 25);
    const counts = new Map<string, number>();
    const probabilities = new Map<string, number>();
    for (let place = 0; place < 40_000; place++) {
      const { variant, propensity, rolloutId } = assignVariant(endpoint, userOf(place), { forced: "" });
      counts.set(variant.name, (counts.get(variant.name) ?? 0) + 1);
      probabilities.set(variant.name, propensity);
      expect(rolloutId).toBe("rol_1");
    }
    expect(probabilities.get("v0")).toBe(0.1);
    expect(probabilities.get("v1")).toBeCloseTo(0.675, 12);
    expect(probabilities.get("v2")).toBeCloseTo(0.225, 12);
    // Four standard errors of 40,000 draws.
    expect(Math.abs((counts.get("v0") ?? 0) / 40_000 - 0.1)).toBeLessThan(0.006);
    expect(Math.abs((counts.get("v1") ?? 0) / 40_000 - 0.675)).toBeLessThan(0.0095);
  });

  test("a growing share moves units to the candidate only, and never between the others", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (user, share) => {
        const units = { ...NOTHING, user };
        const before = assignVariant(inRollout(share / 2, 1, 1), units, { forced: "" }).variant.name;
        const after = assignVariant(inRollout(share, 1, 1), units, { forced: "" }).variant.name;
        expect(after === before || after === "v0").toBe(true);
      }),
    );
  });

  test("the units of one rollout are not those of the next", () => {
    const next = { ...inRollout(0.5, 1), rollout: { rolloutId: "rol_2", candidate: "v0", control: "v1", share: 0.5 } };
    let same = 0;
    for (let place = 0; place < 4_000; place++) {
      const [one, other] = [inRollout(0.5, 1), next].map((endpoint) =>
        assignVariant(endpoint, userOf(place), { forced: "" }),
      );
      if (one?.variant.name === other?.variant.name) same++;
    }
    expect(Math.abs(same / 4_000 - 0.5)).toBeLessThan(0.04);
  });
});

describe("in an A/B test", () => {
  const inTest = (abTestId = "abt_1", shares = [0.5, 0.3, 0.2]) => ({
    ...withWeights(1, 0, 0, 5),
    abTest: { abTestId, arms: shares.map((share, place) => ({ variant: `v${place}`, share })), adaptive: null },
  });

  test("the arms divide all units by their shares, whatever the weights", () => {
    const counts = new Map<string, number>();
    for (let place = 0; place < 20_000; place++) {
      const { variant, propensity, rolloutId } = assignVariant(inTest(), userOf(place), { forced: "" });
      counts.set(variant.name, (counts.get(variant.name) ?? 0) + 1);
      expect(rolloutId).toBe("abt_1");
      expect(propensity).toBe({ v0: 0.5, v1: 0.3, v2: 0.2 }[variant.name]);
    }
    // Four standard errors of 20,000 draws.
    expect(Math.abs((counts.get("v0") ?? 0) / 20_000 - 0.5)).toBeLessThan(0.0142);
    expect(Math.abs((counts.get("v2") ?? 0) / 20_000 - 0.2)).toBeLessThan(0.0114);
  });

  test("the units of one arm are a new sample in the next test", () => {
    let same = 0;
    for (let place = 0; place < 4_000; place++) {
      const [one, other] = ["abt_1", "abt_2"].map((id) =>
        assignVariant(inTest(id, [0.5, 0.5]), userOf(place), { forced: "" }),
      );
      if (one?.variant.name === other?.variant.name) same++;
    }
    expect(Math.abs(same / 4_000 - 0.5)).toBeLessThan(0.04);
  });

  test("an arm that is gone ends the split, and the weights divide the units", () => {
    const endpoint = { ...inTest(), variants: withWeights(1, 1).variants };
    expect(assignVariant(endpoint, userOf(1), { forced: "" }).propensity).toBe(0.5);
  });
});

test.each([
  ["auto", { user: "u", session: "s", conversation: (): string => "c", key: "k" }, "user"],
  ["auto", { session: "s", conversation: (): string => "c", key: "k" }, "session"],
  ["auto", { conversation: (): string => "c", key: "k" }, "conversation"],
  ["auto", { key: "k" }, "key"],
  ["conversation", { user: "u", session: "s", conversation: (): string => "c", key: "k" }, "conversation"],
  ["session", { user: "u", conversation: (): string => "c", key: "k" }, "conversation"],
  ["request", { user: "u", session: "s", conversation: (): string => "c", key: "k" }, "request"],
] as const)("assigned by %s, a call with %j is kept together by its %s", (assignBy, units, kind) => {
  const endpoint = { ...withWeights(1, 1), assignBy };
  expect(assignVariant(endpoint, { ...NOTHING, ...units }, { forced: "" }).unitKind).toBe(kind);
});

test("a unit has unrelated buckets at two endpoints", () => {
  const [one, other] = [withWeights(1, 1), { ...withWeights(1, 1), endpointId: "end_other" }];
  let same = 0;
  for (let place = 0; place < 4_000; place++) {
    const [left, right] = [one, other].map(
      (endpoint) => assignVariant(endpoint, userOf(place), { forced: "" }).variant.name,
    );
    if (left === right) same++;
  }
  expect(Math.abs(same / 4_000 - 0.5)).toBeLessThan(0.04);
});

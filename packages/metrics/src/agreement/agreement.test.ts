import fc from "fast-check";
import { expect, test } from "vitest";
import { confusionOf } from "../classification/confusion.ts";
import { createRandom } from "../random.ts";
import { cohenKappa, cohenKappaOfConfusion } from "./cohen.ts";
import { fleissKappa } from "./fleiss.ts";
import { agreementInterval } from "./interval.ts";
import { krippendorffAlpha, type MeasurementLevel } from "./krippendorff.ts";
import { rawAgreement } from "./raw.ts";
import type { Units } from "./units.ts";

const LEVELS: readonly MeasurementLevel[] = ["nominal", "ordinal", "interval", "ratio"];
const rating = fc.constantFrom(1, 2, 3, 5, null);
const units = fc.array(fc.array(rating, { minLength: 3, maxLength: 3 }), { maxLength: 25 });
const close = (value: number | null, other: number | null) =>
  value === null || other === null ? expect(value).toBe(other) : expect(value).toBeCloseTo(other, 10);

test("raters who agree on more than one label have every agreement 1", () => {
  const alike: Units = [
    [1, 1],
    [2, 2],
    [3, 3],
    [1, 1],
  ];
  expect(rawAgreement(alike).value).toBe(1);
  expect(cohenKappa(alike, { weights: "quadratic" }).value).toBe(1);
  expect(fleissKappa(alike).value).toBeCloseTo(1, 12);
  for (const level of LEVELS) expect(krippendorffAlpha(alike, { level }).value).toBe(1);
});

test("a kappa from the confusion of two raters equals the kappa of their units", () => {
  const rated: Units = [
    [1, 1],
    [2, 3],
    [3, 3],
    [1, 2],
    [2, null],
  ];
  const confusion = confusionOf({
    actual: rated.map(([one]) => one ?? null),
    predicted: rated.map(([, two]) => two ?? null),
  });
  expect(cohenKappaOfConfusion(confusion, "linear").value).toBe(cohenKappa(rated, { weights: "linear" }).value);
});

test("one label only leaves chance-corrected agreement open, with the reason", () => {
  const same: Units = [
    [1, 1],
    [1, 1],
  ];
  expect(rawAgreement(same).value).toBe(1);
  expect(cohenKappa(same)).toMatchObject({ value: null, reason: expect.stringContaining("one and the same label") });
  expect(fleissKappa(same)).toMatchObject({ value: null, reason: expect.stringContaining("Every rating is the same") });
  expect(krippendorffAlpha(same, { level: "ordinal" })).toMatchObject({ value: null });
});

test("ratings by only one person do not count, and no ratings at all are undefined", () => {
  const sparse: Units = [
    [1, null, 1],
    [2, 2, null],
    [null, 3, null],
  ];
  expect(krippendorffAlpha(sparse, { level: "nominal" }).value).toBe(
    krippendorffAlpha(sparse.slice(0, 2), { level: "nominal" }).value,
  );
  expect(rawAgreement([[null, 3, null]]).reason).toBe("No unit has ratings of two raters.");
  expect(krippendorffAlpha([], { level: "interval" }).reason).toBe("No unit has ratings of two raters.");
  expect(fleissKappa(sparse).reason).toContain("Unit 2 has 1 ratings and unit 0 has 2");
});

test("the order of units and raters does not change an agreement", () => {
  fc.assert(
    fc.property(units, (rated) => {
      const turned = rated.map((ratings) => ratings.toReversed()).toReversed();
      for (const level of LEVELS)
        close(krippendorffAlpha(turned, { level }).value, krippendorffAlpha(rated, { level }).value);
      close(rawAgreement(turned).value, rawAgreement(rated).value);
      const [two, back] = [rated, turned].map((all) => all.map((ratings) => [ratings[0] ?? null, ratings[2] ?? null]));
      for (const weights of ["none", "linear", "quadratic"] as const) {
        close(cohenKappa(back ?? [], { weights }).value, cohenKappa(two ?? [], { weights }).value);
      }
    }),
    { seed: 31 },
  );
});

test("no agreement is above 1, names do not matter to nominal ones, nor moving to interval ones", () => {
  fc.assert(
    fc.property(units, (rated) => {
      const renamed = rated.map((ratings) => ratings.map((one) => one && `label ${-one}`));
      const moved = rated.map((ratings) => ratings.map((one) => one && one * 3 + 7));
      close(
        krippendorffAlpha(renamed, { level: "nominal" }).value,
        krippendorffAlpha(rated, { level: "nominal" }).value,
      );
      close(
        krippendorffAlpha(moved, { level: "interval" }).value,
        krippendorffAlpha(rated, { level: "interval" }).value,
      );
      for (const level of LEVELS) expect(krippendorffAlpha(rated, { level }).value ?? 0).toBeLessThanOrEqual(1);
    }),
    { seed: 32 },
  );
});

test("texts need an order where order counts, and units of a kappa two places", () => {
  const texts: Units = [
    ["low", "high"],
    ["mid", "mid"],
  ];
  const order = ["low", "mid", "high"];
  expect(() => cohenKappa(texts, { weights: "linear" })).toThrow("Give the order of the labels for linear weights");
  expect(() => krippendorffAlpha(texts, { level: "ordinal" })).toThrow('the level "ordinal"');
  expect(() => krippendorffAlpha(texts, { level: "ratio", order })).toThrow('Take "nominal" or "ordinal"');
  expect(() => krippendorffAlpha(texts, { level: "ordinal", order: ["low"] })).toThrow('"high" is not in the order');
  expect(() => cohenKappa([["a", "b", "c"]])).toThrow("Unit 0 has places for 3 ratings");
  const ranked = texts.map((ratings) => ratings.map((one) => (one === null ? null : order.indexOf(String(one)))));
  close(
    krippendorffAlpha(texts, { level: "ordinal", order }).value,
    krippendorffAlpha(ranked, { level: "ordinal" }).value,
  );
  expect(cohenKappa(texts, { weights: "linear", order }).signature).toBe(
    "cohen_kappa|weights:linear|order:given|version:1",
  );
});

test("an interval holds the agreement, is the same for the same seed, and is null where resamples have none", () => {
  const random = createRandom(5);
  const rated = Array.from({ length: 80 }, () => {
    const truth = random.below(3);
    return [truth, truth, random.next() < 0.7 ? truth : random.below(3)];
  });
  const measure = (all: Units) => krippendorffAlpha(all, { level: "nominal" });
  const computeInterval = () => agreementInterval(rated, measure, { random: createRandom(1), resamples: 400 });
  const [low, high] = computeInterval().interval ?? [Number.NaN, Number.NaN];
  const value = measure(rated).value ?? Number.NaN;
  expect(low).toBeLessThan(value);
  expect(high).toBeGreaterThan(value);
  expect(high - low).toBeLessThan(0.3);
  expect(computeInterval()).toEqual(computeInterval());
  const nearlySame: Units = [
    [1, 1],
    [1, 1],
    [1, 2],
  ];
  expect(agreementInterval(nearlySame, measure, { random, resamples: 100 })).toMatchObject({
    interval: null,
    reason: expect.stringMatching(/^\d+ of 100 resamples have no agreement/),
  });
  expect(() => agreementInterval(rated, measure, { random, resamples: 0 })).toThrow("0 is no number of resamples");
});

test("raters who agree on everything have no interval without a width", () => {
  const units = [
    [1, 1],
    [2, 2],
    [1, 1],
    [2, 2],
    [3, 3],
    [1, 1],
  ];
  const interval = agreementInterval(units, rawAgreement, { random: createRandom(1), resamples: 100 });
  expect(interval).toMatchObject({ interval: null, undefinedResamples: 0 });
  expect(interval.reason).toContain("agree alike");
});

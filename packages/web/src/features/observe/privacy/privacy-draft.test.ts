import { expect, test } from "vitest";
import { groupsOf, otherDetectors, toggled, withDetector, withGroups } from "./privacy-draft.ts";
import { PERSONAL_GROUPS } from "./privacy-words.ts";

const words = { detector: "words" as const, options: { words: ["apollo"] } };
const all = [{ detector: "secrets" as const, options: {} }, { detector: "personal-data" as const, options: {} }, words];

test("a personal detector without groups looks for all of them", () => {
  expect(groupsOf(all)).toEqual(PERSONAL_GROUPS);
  expect(groupsOf([words])).toEqual([]);
});

test("a change of groups keeps the countries and the other detectors", () => {
  const withCountry = [words, { detector: "personal-data" as const, options: { countries: ["de"] } }];
  const changed = withGroups(withCountry, ["email"]);
  expect(changed).toEqual([words, { detector: "personal-data", options: { countries: ["de"], groups: ["email"] } }]);
  expect(withGroups(changed, PERSONAL_GROUPS)).toEqual(withCountry);
  expect(withGroups(changed, [])).toEqual([words]);
});

test("detectors that the form does not show stay", () => {
  expect(otherDetectors(withDetector(all, "secrets", false))).toEqual(["words"]);
});

test("a toggled list has the order of all items", () => {
  expect(toggled(["a", "b", "c"], ["c"], "a")).toEqual(["a", "c"]);
  expect(toggled(["a", "b", "c"], ["a", "c"], "c")).toEqual(["a"]);
});

import { GUARD_DETECTORS } from "@treadle/contract";
import { expect, test } from "vitest";
import { countryName, PHONE_COUNTRIES } from "../shared/countries.ts";
import { optionFields, optionLabel } from "./option-fields.ts";

const shownOf = (detector: string) =>
  optionFields(detector).map((field) => `${optionLabel(detector, field)}: ${field.kind}`);

test("every option of every detector has a control", () => {
  // A schema and a nested rule are written as JSON.
  const isJson = (detector: string) => optionFields(detector).some(({ kind }) => kind === "json");
  expect(GUARD_DETECTORS.filter(isJson)).toEqual(["json-schema", "tool-policy", "moderation", "judge"]);
  expect(shownOf("personal-data")).toEqual(["Groups: choices", "Countries: words"]);
  expect(shownOf("words")).toEqual(["Words: words", "Whole words only: switch"]);
  expect(shownOf("competitors")).toEqual(["Names: words"]);
  expect(shownOf("patterns")).toEqual(["Patterns: rows"]);
  expect(shownOf("length")).toEqual(["Most characters: number", "Least characters: number", "Most tokens: number"]);
  expect(shownOf("names")).toEqual(["Kinds: choices"]);
  expect(shownOf("topics")).toEqual(["Denied texts: words", "Allowed texts: words", "Name of the finding: text"]);
  expect(shownOf("language")).toEqual(["Allowed: words", "Least letters: number"]);
  expect(shownOf("script")).toEqual(["Code: lines", "Memory limit (MB): number"]);
  expect(shownOf("secrets")).toEqual([]);
  expect(optionFields("brand-voice")).toEqual([]);
});

test("countries have names, and an unknown one is shown by its code", () => {
  expect(countryName("de")).toBe("Germany");
  expect(countryName("q")).toBe("q");
  expect(PHONE_COUNTRIES.length).toBeGreaterThan(200);
  expect(PHONE_COUNTRIES.every((code) => countryName(code) !== code)).toBe(true);
});

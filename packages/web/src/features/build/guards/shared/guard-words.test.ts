import { expect, test } from "vitest";
import { kindWords, strongestOf, trustLabel, viewWords } from "./guard-words.ts";

test("kinds are written as words, with the spelling of names", () => {
  expect(
    ["email", "github-token", "de-tax", "us-ssn", "aws-access-key", "ipv4", "iban"].map((kind) => kindWords(kind)),
  ).toEqual(["Email", "GitHub token", "DE tax", "US SSN", "AWS access key", "IPv4", "IBAN"]);
  expect(kindWords("look-alike-host")).toBe("Look-alike host");
  expect(kindWords("order-number", "patterns")).toBe("order-number");
});

test("the strongest action is found in any order", () => {
  expect(strongestOf(["flag", "redact", "mask"])).toBe("redact");
  expect(strongestOf(["observe", "observe"])).toBe("observe");
  expect(strongestOf([])).toBeUndefined();
});

test("sources and views that this page does not know are shown by their names", () => {
  expect(trustLabel("tool-result")).toBe("Tool results");
  expect(trustLabel("webhook")).toBe("webhook");
  expect(viewWords("base64")).toBe("in base64");
  expect(viewWords("morse")).toBe("in morse");
});

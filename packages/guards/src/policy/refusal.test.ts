import { expect, test } from "vitest";
import { readLanguages, refusalIn } from "./refusal.ts";

const refusal = { text: "No.", texts: { de: "Nein.", "pt-BR": "Não." } };

test.each([
  [["de"], "Nein."],
  [["de-AT"], "Nein."],
  [["DE"], "Nein."],
  [["pt"], "Não."],
  [["pt-PT"], "Não."],
  [["fr", "de"], "Nein."],
  [["fr"], "No."],
  [["constructor"], "No."],
  [[], "No."],
])("the text for %j is %s", (wishes, text) => {
  expect(refusalIn(refusal, wishes)).toBe(text);
});

test("the exact form of a language comes before its other forms", () => {
  const texts = { de: "Nein.", "de-AT": "Na." };
  expect(refusalIn({ text: "No.", texts }, ["de-AT"])).toBe("Na.");
  expect(refusalIn({ text: "No.", texts }, ["de-CH"])).toBe("Nein.");
});

test.each([
  ["de-AT, en;q=0.5, fr;q=0.9", ["de-AT", "fr", "en"]],
  ["*, de;q=0", []],
  ["en;q=0.1,de;q=1", ["de", "en"]],
  ["", []],
  ["; q=2, <script>", []],
])("the languages of %j are %j", (header, languages) => {
  expect(readLanguages(header)).toEqual(languages);
});

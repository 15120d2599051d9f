import { describe, expect, test } from "vitest";
import { createMasks, judgeText, type Rule } from "../index.ts";
import { measureNames, namesIn } from "../testing/measure-names.ts";
import { ownTexts } from "../testing/own-files.ts";
import { NAMED_COUNTRIES, WITHOUT_NAMES } from "../testing/planted-names.ts";
import { prepareText } from "../text/prepare-text.ts";
import { names } from "./names.ts";

const failure = { "too-long": "closed", failed: "closed", timeout: "closed", "unknown-content": "open" } as const;
const detectors = new Map([[names.name, names]]);
const judge = (text: string, rule: Partial<Rule>) =>
  judgeText(text, {
    detectors,
    prepare: prepareText,
    trust: "user",
    policy: {
      rules: [{ detector: "names", options: {}, scopes: ["user"], action: "redact", threshold: 0.5, failure, ...rule }],
    },
    masks: createMasks(),
    now: () => 0,
  });

describe("names", () => {
  test.each([
    ["Please call Dr. Imogen Shaw today.", ["person Imogen Shaw"]],
    ["We spoke with Ann van den Berg in Utrecht.", ["person Ann van den Berg", "place Utrecht"]],
    ["Mary Ann O'Brien lives in São Paulo.", ["person Mary Ann O'Brien", "place São Paulo"]],
    ["My name is Zorvuk Kezlum.", ["person Zorvuk Kezlum"]],
    ["Dear Kezlum, thank you.", ["person Kezlum"]],
    ["Mr. J. Kezlum signed.", ["person J. Kezlum"]],
    ["ANN SMITH called from New York.", ["person ANN SMITH", "place New York"]],
    ["Ann\u00ad Smith called.", ["person Ann", "person Ann\u00ad Smith"]],
    ["She was born in Kezlum.", ["place Kezlum"]],
    ["Florence Smith moved on.", ["person Florence Smith"]],
    ["They met in Paris.", ["place Paris"]],
  ])("of %j are %j", (text, expected) => {
    expect(namesIn(text)).toEqual(expected);
  });

  test.each([
    ...WITHOUT_NAMES,
    "Hi I'm new here.",
    "Dear Customer, dear Team, Dear Sir or Madam,",
    "Victoria Station, Jordan Bank and Madison Street are closed.",
    "He will mark the page in may.",
    "ann smith",
  ])("of no one are in %j", (text) => {
    expect(namesIn(text)).toEqual([]);
  });

  test("are masked and restored, or redacted, by kind", () => {
    const text = "Ann Smith flew to Paris. Ann Smith is back.";
    expect(judge(text, { action: "mask" }).text).toBe("<PERSON_1> flew to <PLACE_1>. <PERSON_1> is back.");
    expect(judge(text, { options: { kinds: ["place"] } }).text).toBe("Ann Smith flew to [PLACE]. Ann Smith is back.");
    expect(judge("Ann called.", { threshold: 0.8 }).findings).toEqual([]);
  });

  test.each(NAMED_COUNTRIES.map((country) => ({ country, code: country.code })))(
    "of $code are mostly found, and little else",
    ({ country }) => {
      const { counts, wrong } = measureNames(country);
      const share = ({ found, planted }: { found: number; planted: number }) => found / planted;
      expect(share(counts.person)).toBeGreaterThan(0.93);
      expect(share(counts["given name"])).toBeGreaterThan(0.7);
      expect(share(counts.place)).toBeGreaterThan(0.7);
      expect(wrong.length).toBeLessThan(20);
    },
  );

  test("are rare in the docs of this repository", () => {
    let [words, found] = [0, 0];
    for (const { path, text } of ownTexts())
      if (path.startsWith("docs/")) {
        words += text.split(/\s+/).length;
        found += namesIn(text).filter((one) => one.startsWith("person")).length;
      }
    expect(found / words).toBeLessThan(0.001);
  });

  test("take linear time, also in hostile text", () => {
    const texts = [
      "Ann ".repeat(25_000),
      "A. ".repeat(33_000),
      "Mc".repeat(50_000),
      "Ann de ".repeat(14_000),
      "A'".repeat(50_000),
    ];
    for (const text of texts) {
      const startedAt = performance.now();
      namesIn(text);
      expect(performance.now() - startedAt).toBeLessThan(3_000);
    }
  });
});

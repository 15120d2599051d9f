import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBleu } from "./bleu.ts";
import { createChrf } from "./chrf.ts";
import { commonIndices, commonLength, placesOf } from "./common-subsequence.ts";
import { countReferences, scoreCorpus, scoreItem, sumStats } from "./corpus-metric.ts";
import { editDistance, editSimilarity } from "./edit-distance.ts";
import { exactMatch, normalizedMatch, normalizedMatchSignature } from "./match.ts";
import { createMeteorExactStem } from "./meteor.ts";
import { porterStem } from "./porter-stem.ts";
import { createRouge } from "./rouge.ts";
import { squadScore } from "./squad.ts";
import { createTer } from "./ter.ts";
import { splitWords, trim } from "./white-space.ts";

const sentence = fc
  .array(fc.constantFrom("a", "b", "c", "dé", "😀", "今天", ".", "1,0"), { maxLength: 12 })
  .map((words) => words.join(" "));
const pair = fc.record({ hypothesis: sentence, references: fc.array(sentence, { minLength: 1, maxLength: 3 }) });
const METRICS = [createBleu({ effectiveOrder: true }), createChrf(), createChrf({ wordOrder: 2 }), createTer()];

describe.each(METRICS)("$name", (metric) => {
  const isDistance = metric.name === "TER";

  test("gives the best score to a text that is its reference", () => {
    fc.assert(
      fc.property(sentence, (text) => {
        const { score } = scoreItem<{ score: number }>(metric, { hypothesis: text, references: [text] });
        expect(score).toBeCloseTo(isDistance ? 0 : text === "" ? 0 : 100, 9);
      }),
    );
  });

  test("stays within its bounds, and a corpus is the sum of its items whatever their order", () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 6 }), (pairs) => {
        const { score } = scoreCorpus<{ score: number }>(metric, pairs) ?? { score: Number.NaN };
        expect(score).toBeGreaterThanOrEqual(0);
        if (!isDistance) expect(score).toBeLessThanOrEqual(100.0001);
        const stats = pairs.map(({ hypothesis, references }) => metric.itemStats(hypothesis, references));
        expect(metric.fromStats(sumStats(stats.toReversed())).score).toBeCloseTo(score, 9);
      }),
    );
  });

  test("has no score for no items and refuses an item without a reference", () => {
    expect(scoreCorpus<{ score: number }>(metric, [])).toBeNull();
    expect(() => metric.itemStats("a", [])).toThrow("needs at least one reference");
  });

  test("says how many references there were", () => {
    const pairs = [
      { hypothesis: "a", references: ["a"] },
      { hypothesis: "b", references: ["b", "c"] },
    ];
    expect(metric.signature(countReferences(pairs))).toMatch(/^nrefs:var\|.*version:2\.6\.0$/);
    expect(countReferences(pairs.slice(1))).toBe(2);
  });
});

test("TER of long texts that repeat themselves takes moments", () => {
  const text = Array.from({ length: 1_500 }, (_, at) => `w${(at * at) % 7}`);
  const started = performance.now();
  const [edits = 0, length] = createTer().itemStats(text.join(" "), [text.toReversed().join(" ")]);
  expect(length).toBe(1_500);
  expect(edits).toBeGreaterThan(0);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("white space is Python's", () => {
  expect(splitWords("a\u0085b\x1cc\u3000d\ufeffe")).toEqual(["a", "b", "c", "d\ufeffe"]);
  expect(splitWords(" \n ")).toEqual([]);
  expect(trim("\u00a0 a b\r\n")).toBe("a b");
});

describe("the edit distance", () => {
  test("equals the distance of the plain table", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "😀", "é"), maxLength: 90 });
    fc.assert(fc.property(text, text, (a, b) => editDistance(a, b) === plainDistance([...a], [...b])));
  });

  test("is symmetric, and similarity is 1 for equal texts and 0 for entirely different texts", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => editDistance(a, b) === editDistance(b, a)));
    expect([editSimilarity("", ""), editSimilarity("abc", "xyz"), editSimilarity("", "a")]).toEqual([1, 0, 0]);
    expect(editSimilarity("kitten", "sitting")).toBeCloseTo(1 - 3 / 7, 15);
  });

  test("of two long texts takes moments", () => {
    const started = performance.now();
    expect(editDistance("ab".repeat(20_000), "ba".repeat(20_000))).toBe(2);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

/** Levenshtein's table as the textbook has it. */
function plainDistance(a: string[], b: string[]): number {
  let row = b.map((_, place) => place + 1);
  for (const [i, point] of a.entries()) {
    const above = [i, ...row];
    let left = i + 1;
    row = b.map((other, j) => {
      left = Math.min((above[j] ?? 0) + (point === other ? 0 : 1), (above[j + 1] ?? 0) + 1, left + 1);
      return left;
    });
  }
  return row.at(-1) ?? a.length;
}

describe("the longest common subsequence", () => {
  const tokens = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 80 }).map((list) => Int32Array.from(list));

  test("has one length, whichever way it is read, and is common to both", () => {
    fc.assert(
      fc.property(tokens, tokens, (a, b) => {
        const indices = commonIndices(a, placesOf(b));
        expect(indices.length).toBe(commonLength(a, placesOf(b)));
        expect(indices.length).toBe(commonLength(b, placesOf(a)));
        expect(indices).toEqual([...new Set(indices)].sort((x, y) => x - y));
        let at = -1;
        for (const index of indices) at = b.indexOf(a[index] ?? -1, at + 1);
        expect(indices.length === 0 || at >= 0).toBe(true);
      }),
    );
  });
});

describe("ROUGE", () => {
  test("has no score where no reference holds an ASCII letter or digit, and 0 where only the prediction lacks one", () => {
    const rouge = createRouge("rougeL");
    expect(rouge.score("今天天气很好", ["今天天气很好"])).toBeNull();
    expect(rouge.score("今天", ["today"])).toEqual({ precision: 0, recall: 0, fMeasure: 0 });
    expect(() => rouge.score("a", [])).toThrow("at least one reference");
  });

  test("says what it was computed with", () => {
    expect(createRouge("rouge2", { stemmer: true }).signature(1)).toBe(
      "nrefs:1|kind:rouge2|stem:yes|multi:best-f|version:rouge-score-0.1.2",
    );
  });

  test("of summaries of thousands of lines takes moments", () => {
    const lines = Array.from({ length: 3_000 }, (_, at) => `w${(at * 7919) % 13}`);
    const started = performance.now();
    expect(createRouge("rougeLsum").score(lines.join("\n"), [lines.toReversed().join("\n")])?.fMeasure).toBe(1);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test("of texts of thousands of words takes moments", () => {
    const text = Array.from({ length: 6_000 }, (_, at) => `w${(at * 7919) % 4001}`).join(" ");
    const started = performance.now();
    for (const kind of ["rougeL", "rougeLsum"] as const)
      expect(createRouge(kind).score(text, [text])?.fMeasure).toBe(1);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

test("METEOR without synonyms has a separate name and no score where no reference has a word", () => {
  const meteor = createMeteorExactStem();
  expect(meteor.name).toBe("meteor_exact_stem");
  expect(meteor.signature(1)).toContain("synonyms:no");
  expect([meteor.score("a", [""]), meteor.score("", ["a"])]).toEqual([null, 0]);
});

test("stems count code points, and an irregular word is looked up", () => {
  expect(porterStem("😀s")).toBe("😀s");
  expect(porterStem("😀😀ing")).toBe("😀😀ing");
  expect([porterStem("dying"), porterStem("NEWS"), porterStem("controlling")]).toEqual(["die", "news", "control"]);
});

test("SQuAD 2.0 takes silence for the answer where there is none, and 1.1 has no score without a gold answer", () => {
  expect(squadScore("", [])).toEqual({ exactMatch: 1, f1: 1 });
  expect(squadScore("something", [])).toEqual({ exactMatch: 0, f1: 0 });
  expect(squadScore("x", [], "1.1")).toBeNull();
  expect(squadScore("The Eiffel-Tower!", ["eiffeltower"])).toEqual({ exactMatch: 1, f1: 1 });
});

describe("matching", () => {
  test("is of code units, or of normalised text", () => {
    expect(exactMatch("Paris", ["paris"])).toBe(false);
    expect(normalizedMatch("  “Paris”!\n", ["paris"])).toBe(true);
    expect(normalizedMatch("cafe\u0301", ["café"])).toBe(true);
    expect(normalizedMatch("Ｐａｒｉｓ", ["Paris"], { caseSensitive: true })).toBe(true);
    expect(normalizedMatch("Ｐａｒｉｓ", ["Paris"], { form: "NFC" })).toBe(false);
    expect(normalizedMatch("Paris.", ["Paris"], { punctuation: true })).toBe(false);
    expect(normalizedMatchSignature({ punctuation: true })).toBe("form:NFKC|case:lc|punct:yes|version:1");
  });

  test("has no answer where nothing is expected", () => {
    expect([exactMatch("", []), normalizedMatch("", [])]).toEqual([null, null]);
  });
});

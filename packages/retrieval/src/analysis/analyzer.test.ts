import fc from "fast-check";
import { expect, test } from "vitest";
import { analyzeQuery } from "./analyze-query.ts";
import { createAnalyzer } from "./analyzer.ts";
import { createBoundedCache } from "./bounded-cache.ts";
import { ANALYZED_LANGUAGES, analyzedLanguage } from "./languages.ts";

const terms = (language: string, text: string) => createAnalyzer(language).terms(text);

test.each([
  ["en", "the refunds were refunded", "refund"],
  ["de", "Häuser und Hauses", "haus"],
  ["fr", "L'avion des élèves", "avion"],
  ["tr", "Türkiye'nin", "turki"],
  ["el", "Ελλάδας", "ελλαδα"],
  ["no", "husene", "hus"],
])("words of %s become stems: %s", (language, text, expected) => {
  expect(terms(language, text)).toContain(expected);
});

test("every listed language analyzes a text and a query", () => {
  expect(ANALYZED_LANGUAGES.length).toBeGreaterThan(50);
  for (const language of ANALYZED_LANGUAGES) {
    const analyzer = createAnalyzer(language);
    expect(analyzer.language).toBe(language);
    expect(analyzer.terms("Abc 42 город 東京都 ภาษาไทย").length).toBeGreaterThanOrEqual(6);
    expect(analyzer.query("zzz 42")).toContain("42");
  }
});

test("codes of ISO 639-3 and language tags name the same rules, and other codes are unknown", () => {
  expect(["deu", "pt-BR", "zh_Hant", "NB", "cmn"].map(analyzedLanguage)).toEqual(["de", "pt", "zh", "no", "zh"]);
  expect(["und", "", "xx", "constructor"].map(analyzedLanguage)).toEqual(Array(4).fill("unknown"));
});

test("an identifier gives its parts and the whole, however it is written", () => {
  for (const text of ["maxTokens", "max_tokens", "max-tokens", "MAX_TOKENS"])
    expect(new Set(terms("unknown", text))).toEqual(new Set(["max", "tokens", "maxtokens"]));
  expect(terms("unknown", "HTTPServer")).toEqual(["http", "server", "httpserver"]);
  expect(terms("unknown", "node.js")).toEqual(["node", "js", "nodejs"]);
  expect(terms("unknown", "C++ and C#")).toEqual(["c++", "and", "c#"]);
});

test("numbers and versions stay, and grouped numbers lose their separators", () => {
  expect(terms("en", "70,000 people, 3.14 and 1.2.3")).toEqual(["70000", "peopl", "3.14", "and", "1.2.3"]);
});

test("Chinese, Japanese and Korean become pairs of letters, and a single letter is a term", () => {
  expect(terms("ja", "東京都 水")).toEqual(["東京", "京都", "水"]);
  expect(terms("ko", "대한민국")).toEqual(["대한", "한민", "민국"]);
  expect(terms("ja", "ｶﾞｽ")).toEqual(["ガス"]);
});

test("Thai is split into words", () => {
  expect(terms("th", "ภาษาไทย")).toEqual(["ภาษา", "ไทย"]);
});

test("a query loses stop words, but a query of stop words alone keeps them", () => {
  const english = createAnalyzer("en");
  expect(english.query("the cat and the cats")).toEqual(["cat"]);
  expect(english.query("the and the of")).toEqual(["the", "and", "of"]);
  expect(english.terms("the cat")).toEqual(["the", "cat"]);
});

test("forms of Unicode, case and accents do not change the terms", () => {
  expect(terms("es", "CAFÉ")).toEqual(terms("es", "cafe\u0301"));
  expect(terms("unknown", "ﬁnance")).toEqual(["finance"]);
  expect(terms("sv", "här")).not.toEqual(terms("sv", "har"));
  expect(terms("tr", "İstanbul")).toEqual(terms("tr", "istanbul"));
});

test("spans have the terms in the same order and lie within the text", () => {
  const piece = fc.constantFrom(
    "maxTokens",
    " ",
    "東京都",
    "ｶﾞｽ",
    "ภาษาไทย",
    "l'avion",
    "ﬁn",
    ".",
    "𠀀𠀁",
    "1,000",
    "😀",
    "é",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom("en", "zh", "th", "fr"), (pieces, language) => {
      const text = pieces.join("");
      const analyzer = createAnalyzer(language);
      const spans = analyzer.spans(text);
      expect(spans.map(({ term }) => term)).toEqual(analyzer.terms(text));
      for (const { start, end } of spans) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }),
    { seed: 7, numRuns: 60 },
  );
  const [, second] = createAnalyzer("en").spans("Big 東京 cats");
  expect("Big 東京 cats".slice(second?.start, second?.end)).toBe("東京");
});

test("a query over several languages has the terms of each", () => {
  expect(analyzeQuery("running houses", ["en", "de"])).toEqual(expect.arrayContaining(["run", "hous", "running"]));
});

test("the cache stays within its bound and keeps entries that are read", () => {
  const cache = createBoundedCache<number>(10);
  cache.set("often", 0);
  for (let i = 0; i < 1_000; i++) {
    cache.set(`word ${i}`, i);
    expect(cache.get("often")).toBe(0);
    expect(cache.size()).toBeLessThanOrEqual(10);
  }
});

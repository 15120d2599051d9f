import { expect, test } from "vitest";
import { KnowledgeBaseInput } from "./bases.ts";
import { KnowledgeSearch } from "./search.ts";

test("a search that names one setting leaves the others to the knowledge base", () => {
  expect(KnowledgeSearch.parse({ query: "refund", searching: { mode: "words" } }).searching).toEqual({ mode: "words" });
});

test("a setting out of its range is rejected with its name", () => {
  const parsed = KnowledgeSearch.safeParse({ query: "refund", searching: { wordWeight: 1.5 } });
  expect(parsed.error?.issues).toMatchObject([{ path: ["searching", "wordWeight"] }]);
});

test("a new knowledge base has all settings", () => {
  expect(KnowledgeBaseInput.parse({ name: "Handbook" }).searching).toEqual({
    mode: "hybrid",
    fusion: "scores",
    wordWeight: 0.4,
    candidates: 100,
    diversity: 0,
    perDocument: 0,
  });
});

import { expect, test } from "vitest";
import { CATALOGUE } from "./catalogue.ts";
import { prefixesOf } from "./prefixes.ts";

test.each([
  ["multilingual-e5-small", "query: ", "passage: "],
  ["multilingual-e5-large-q8_0", "query: ", "passage: "],
  ["e5-base-v2", "query: ", "passage: "],
  ["nomic-embed-text-v1.5", "search_query: ", "search_document: "],
  ["bge-small-en-v1.5-q8_0", "Represent this sentence for searching relevant passages: ", ""],
])("%s has prefixes", (modelId, query, passage) => {
  expect(prefixesOf(modelId)).toEqual({ query, passage });
});

test.each(["use-lite-en", "all-minilm-l6-v2", "bge-m3", "multilingual-e5-large-instruct", "some5-small"])(
  "%s has none",
  (modelId) => {
    expect(prefixesOf(modelId)).toBeNull();
  },
);

test("each embedding model of the catalogue says how long its vectors are", () => {
  for (const { kind, dimensions } of CATALOGUE) expect(dimensions === null).toBe(kind === "chat");
});

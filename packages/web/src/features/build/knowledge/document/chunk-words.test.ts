import { expect, test } from "vitest";
import { chunkWords } from "./chunk-words.ts";

test.each([
  [[], "0 chunks"],
  [[64], "1 chunk of 64 tokens"],
  [[60, 71, 2_000], "3 chunks, 710 tokens on average"],
])("chunks of %j tokens are %s", (sizes, words) => {
  expect(chunkWords(sizes.map((tokens) => ({ tokens })))).toBe(words);
});

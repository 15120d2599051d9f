import { expect, test } from "vitest";
import { changeWords, chunkWords } from "./change-words.ts";

test("only the changes that happened are named", () => {
  expect(changeWords({ added: 12, changed: 0, removed: 1_000 })).toBe("12 added, 1,000 removed");
  expect(changeWords({ added: 0, changed: 0, removed: 0 })).toBe("no document changed");
});

test("a comparison names the chunks that differ", () => {
  const comparison = { from: 1, to: 2, documents: [], documentsTotal: 0 };
  expect(chunkWords({ ...comparison, chunksAdded: 4, chunksRemoved: 1, chunksShared: 1_200 })).toBe(
    "Chunks: 4 added, 1 removed, 1,200 unchanged.",
  );
  expect(chunkWords({ ...comparison, chunksAdded: 0, chunksRemoved: 0, chunksShared: 5 })).toBe(
    "All 5 chunks are the same.",
  );
});

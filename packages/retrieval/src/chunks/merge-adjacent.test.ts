import { describe, expect, it } from "vitest";
import { cutChunks } from "./cut-chunks.ts";
import { type ChunkHit, limitPerDocument, mergeAdjacent, passageText, placeInDocument } from "./merge-adjacent.ts";
import { parsedOf, sentences, testOptions } from "./testing/parsed.ts";

const hit = (documentId: string, ordinal: number, score: number): ChunkHit => ({
  documentId,
  chunkId: `${documentId}${ordinal}`,
  ordinal,
  start: ordinal * 10,
  end: ordinal * 10 + 12,
  score,
});

describe("merging adjacent chunks", () => {
  it("joins chunks that follow each other and takes the best score", () => {
    expect(mergeAdjacent([hit("a", 2, 0.5), hit("b", 1, 0.8), hit("a", 1, 0.9), hit("a", 7, 0.1)])).toEqual([
      { documentId: "a", chunkIds: ["a1", "a2"], score: 0.9, parts: [{ start: 10, end: 32 }] },
      { documentId: "b", chunkIds: ["b1"], score: 0.8, parts: [{ start: 10, end: 22 }] },
      { documentId: "a", chunkIds: ["a7"], score: 0.1, parts: [{ start: 70, end: 82 }] },
    ]);
  });

  it("counts a chunk that was found twice once", () => {
    expect(mergeAdjacent([hit("a", 1, 1), hit("a", 1, 1)])).toHaveLength(1);
  });

  it("leaves hidden text between adjacent chunks out, and maps offsets back", () => {
    const parsed = parsedOf([
      { kind: "paragraph", text: "Before." },
      { kind: "paragraph", text: "Hidden.", isHidden: true },
      { kind: "paragraph", text: "After the gap." },
    ]);
    const hits = cutChunks(parsed, testOptions()).map((chunk) => ({ ...chunk, documentId: "a", score: 1 }));
    const [passage] = mergeAdjacent(hits);
    if (!passage) throw new Error("no passage");
    const text = passageText(passage, parsed.text);
    expect(text).toBe("Before.\n\nAfter the gap.");
    for (const part of ["Before", "After", "gap."])
      expect(placeInDocument(passage, text.indexOf(part))).toBe(parsed.text.indexOf(part));
    expect(placeInDocument(passage, text.length)).toBe(parsed.text.length);
  });

  it("gives the text of overlapping chunks once", () => {
    const parsed = parsedOf([{ kind: "paragraph", text: sentences(20) }]);
    const chunks = cutChunks(parsed, testOptions({ targetTokens: 60, overlapShare: 0.3 }));
    const [passage] = mergeAdjacent(chunks.map((chunk) => ({ ...chunk, documentId: "a", score: 1 })));
    expect(passage && passageText(passage, parsed.text)).toBe(parsed.text);
  });
});

describe("the limit per document", () => {
  it("returns the first hits of each document in their order", () => {
    const hits = [hit("a", 1, 4), hit("a", 5, 3), hit("b", 1, 2), hit("a", 9, 1)];
    expect(limitPerDocument(hits, 2)).toEqual(hits.slice(0, 3));
    expect(() => limitPerDocument(hits, 0)).toThrow("The limit per document is 0");
  });
});

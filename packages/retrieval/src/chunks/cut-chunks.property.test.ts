import fc from "fast-check";
import { expect, it } from "vitest";
import { type Chunk, type ChunkOptions, embeddingText } from "./chunk.ts";
import { cutChunks } from "./cut-chunks.ts";
import type { BlockKind, ParsedText } from "./parsed-text.ts";
import { countQuarters, countWords, type Part, parsedOf, testOptions } from "./testing/parsed.ts";

const KINDS: readonly BlockKind[] = ["paragraph", "list-item", "table", "code", "quote", "caption", "row"];
const word = fc.oneof(
  fc.constantFrom(
    "refund",
    "Dr.",
    "5.5",
    "days.",
    "bank!",
    "银行。",
    "退款",
    "การคืนเงิน",
    "مرحبا",
    "👩‍👩‍👧",
    "e\u0301\u0302",
    "\ud800",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
  fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
);
const words = fc.array(fc.tuple(word, fc.constantFrom(" ", " ", "\n", "", ". ", "\n\n")), { maxLength: 60 });
const blockText = words.map((parts) => parts.map(([own, space]) => own + space).join(""));
const block: fc.Arbitrary<Part> = fc.record(
  {
    kind: fc.constantFrom(...KINDS),
    text: blockText,
    header: fc.nat({ max: 20 }),
    isHidden: fc.constantFrom<true>(true),
  },
  { requiredKeys: ["kind", "text"] },
);
const heading: fc.Arbitrary<Part> = fc.record({
  kind: fc.constant<BlockKind>("heading"),
  text: fc.oneof(fc.constantFrom("Refunds", "By card", "Notes"), fc.string({ maxLength: 200 })),
  level: fc.integer({ min: 1, max: 3 }),
});
const parts = fc.array(fc.oneof({ weight: 3, arbitrary: block }, heading), { maxLength: 14 });
const options: fc.Arbitrary<Partial<ChunkOptions>> = fc.record({
  maxTokens: fc.integer({ min: 24, max: 200 }),
  targetTokens: fc.integer({ min: 16, max: 150 }),
  smallTokens: fc.integer({ min: 16, max: 40 }),
  overlapShare: fc.constantFrom(0, 0.12, 0.5),
  isSmallToBig: fc.boolean(),
  countTokens: fc.constantFrom(countWords, countQuarters),
});
const title = fc.option(fc.constantFrom("Handbook", "A handbook of very many words ".repeat(20)));

const isCovered = ({ text, blocks }: ParsedText, chunks: readonly Chunk[]): boolean => {
  const covered = new Uint8Array(text.length);
  for (const { start, end } of chunks) covered.fill(1, start, end);
  return blocks.every(({ start, end, isHidden }) =>
    Array.from({ length: end - start }, (_, place) => start + place).every((place) =>
      isHidden ? covered[place] === 0 : covered[place] === 1 || (text[place] ?? "").trim() === "",
    ),
  );
};

it("covers all visible text and no hidden text, within the window, with distinct ids, the same every time", () => {
  fc.assert(
    fc.property(parts, options, title, (given, chosen, name) => {
      const parsed = parsedOf(given, name);
      const all = testOptions(chosen);
      const chunks = cutChunks(parsed, all);
      expect(
        isCovered(
          parsed,
          chunks.filter(({ role }) => role !== "small"),
        ),
      ).toBe(true);
      expect(
        isCovered(
          parsed,
          chunks.filter(({ role }) => role !== "parent"),
        ),
      ).toBe(true);
      expect(new Set(chunks.map(({ chunkId }) => chunkId)).size).toBe(chunks.length);
      for (const chunk of chunks) {
        const own = parsed.text.slice(chunk.start, chunk.end);
        expect(chunk.tokens).toBe(all.countTokens(own));
        expect(own.trimEnd()).toBe(own);
        expect(all.countTokens(embeddingText(chunk, parsed.text))).toBeLessThanOrEqual(chosen.maxTokens ?? 0);
      }
      expect(cutChunks(parsed, all)).toEqual(chunks);
    }),
    { numRuns: 300 },
  );
});

it("changes no id when a section is inserted before a heading of the first level", () => {
  fc.assert(
    fc.property(parts, blockText, options, (given, inserted, chosen) => {
      const places = given.flatMap(({ kind, level, text }, place) =>
        kind === "heading" && level === 1 && text.trim() !== "" ? [place] : [],
      );
      for (const place of places) {
        const added: Part[] = [
          { kind: "heading", level: 1, text: "A section that is new" },
          { kind: "paragraph", text: inserted },
        ];
        const before = cutChunks(parsedOf(given), testOptions(chosen));
        const after = cutChunks(parsedOf(given.toSpliced(place, 0, ...added)), testOptions(chosen));
        const ids = new Set(after.map(({ chunkId }) => chunkId));
        expect(before.filter(({ chunkId }) => !ids.has(chunkId))).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});

it("never cuts a grapheme that fits the window", () => {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 50, maxLength: 400 }), (text) => {
      const parsed = parsedOf([{ kind: "paragraph", text: text.replace(/\s/gu, "x") }]);
      const all = testOptions({ countTokens: countQuarters, maxTokens: 24, targetTokens: 24 });
      const boundaries = new Set(
        [...segmenter.segment(parsed.text)].map(({ index }) => index).concat(parsed.text.length),
      );
      for (const { start, end } of cutChunks(parsed, all))
        expect([boundaries.has(start), boundaries.has(end)]).toEqual([true, true]);
    }),
  );
});

it("repeats text only inside a section, and no more than its share", () => {
  fc.assert(
    fc.property(
      parts,
      fc.integer({ min: 16, max: 100 }),
      fc.constantFrom(0, 0.12, 0.5),
      (given, targetTokens, share) => {
        const parsed = parsedOf(given);
        const chunks = cutChunks(parsed, testOptions({ targetTokens, overlapShare: share, maxTokens: 512 }));
        for (const [place, chunk] of chunks.slice(1).entries()) {
          const before = chunks[place];
          if (before === undefined || chunk.start >= before.end) continue;
          expect(chunk.headingPath).toEqual(before.headingPath);
          expect(chunk.start).toBeGreaterThan(before.start);
          expect(countWords(parsed.text.slice(chunk.start, before.end))).toBeLessThanOrEqual(share * targetTokens);
        }
      },
    ),
  );
});

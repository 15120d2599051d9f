import fc from "fast-check";
import { expect, test } from "vitest";
import { checkOffsets, cutBlocks, read } from "./testing/read.ts";
import { documentOf, expectBlocks } from "./testing/structure.ts";
import { writeDocx } from "./testing/write-docx.ts";
import { writeMarkdown } from "./testing/write-markdown.ts";
import { writeHtml } from "./testing/write-markup.ts";
import { writePptx } from "./testing/write-pptx.ts";

const ALL = ["heading", "paragraph", "quote", "list", "table", "code"] as const;
const OFFICE = ["heading", "paragraph", "quote", "list", "table"] as const;
const SLIDES = ["paragraph", "list", "table"] as const;
const RUNS = { numRuns: 60 };

test("the blocks of a generated HTML page have the offsets of its texts", async () => {
  await fc.assert(
    fc.asyncProperty(documentOf(ALL), async (pieces) => {
      const parsed = await read("page.html", writeHtml(pieces, "A <page>"));
      checkOffsets(parsed);
      expect(cutBlocks(parsed)).toEqual(expectBlocks(pieces));
      expect(parsed.title).toBe("A <page>");
    }),
    RUNS,
  );
});

test("the blocks of generated Markdown have the offsets of its texts", async () => {
  await fc.assert(
    fc.asyncProperty(documentOf(ALL), async (pieces) => {
      const parsed = await read("page.md", writeMarkdown(pieces, "A page"));
      checkOffsets(parsed);
      expect(cutBlocks(parsed)).toEqual(expectBlocks(pieces));
      expect(parsed.title).toBe("A page");
    }),
    RUNS,
  );
});

test("the blocks of a generated Word document have the offsets of its texts", async () => {
  await fc.assert(
    fc.asyncProperty(documentOf(OFFICE), async (pieces) => {
      const parsed = await read("letter.docx", writeDocx(pieces, "A <letter>"));
      checkOffsets(parsed);
      expect(cutBlocks(parsed)).toEqual(expectBlocks(pieces));
      expect(parsed.title).toBe("A <letter>");
    }),
    RUNS,
  );
});

test("the blocks of a generated presentation have the offsets of its texts, and each slide is a page", async () => {
  const slides = fc.array(
    documentOf(SLIDES).map((pieces) => ({ title: "A title", pieces: pieces.map(withoutNumbers), notes: "Say & do" })),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(slides, async (deck) => {
      const parsed = await read("deck.pptx", writePptx(deck));
      checkOffsets(parsed);
      const expected = deck.flatMap(({ pieces }, place) => [
        { kind: "heading", level: 1, text: `Slide ${place + 1}: A title` },
        ...expectBlocks(pieces),
        { kind: "paragraph", text: "Notes: Say & do" },
      ]);
      expect(cutBlocks(parsed)).toEqual(expected);
      expect(parsed.pages.map(({ start, end }) => parsed.text.slice(start, end).split("\n", 1)[0])).toEqual(
        deck.map((_, place) => `Slide ${place + 1}: A title`),
      );
    }),
    RUNS,
  );
});

test("the rows of a generated CSV file have the offsets of their texts", async () => {
  const cell = fc.string({
    unit: fc.constantFrom("a", "é", "漢", ",", '"', "\n", " ", ";"),
    minLength: 1,
    maxLength: 8,
  });
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rows, async (records) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const lines = ["name,note", ...records.map((record) => record.map(quoted).join(","))];
      const parsed = await read("list.csv", lines.join("\r\n"));
      checkOffsets(parsed);
      const expected = records.map(([name, note]) =>
        [["name", name] as const, ["note", note] as const]
          .filter(([, value]) => value.trim() !== "")
          .map(([column, value]) => `${column}: ${value.replace(/\s+/g, " ").trim()}`)
          .join("\n"),
      );
      expect(cutBlocks(parsed).map(({ text }) => text)).toEqual(expected.filter((text) => text !== ""));
      expect(parsed.title).toBe("list");
    }),
    RUNS,
  );
});

/** Slides show numbers by their layout, so all lists have bullets. */
const withoutNumbers = <Piece extends { kind: string }>(piece: Piece): Piece =>
  piece.kind === "list" ? { ...piece, isOrdered: false } : piece;

import { expect, test } from "vitest";
import { readPdf } from "./read-pdf.ts";
import { lines, makePdf, type TestDocument, text } from "./testing/make-pdf.ts";

const BODY = [
  "This is the body of the document, which has the usual size.",
  "It runs over more than one line so that it is most of the text.",
];

async function blocksOf(content: string, document: Partial<TestDocument> = {}) {
  const parsed = await readPdf(makePdf({ pages: [{ content }], ...document }));
  return parsed.blocks.map(({ kind, level, start, end }) => ({ kind, level, text: parsed.text.slice(start, end) }));
}

test("larger and bold lines become headings, and the largest has level 1", async () => {
  const blocks = await blocksOf(
    text([72, 740], "Handbook", { size: 20 }) +
      text([72, 700], "Refunds", { size: 14 }) +
      lines([72, 680], BODY) +
      text([72, 640], "Exceptions", { font: "F2" }) +
      lines([72, 620], BODY),
  );

  expect(blocks.map(({ kind, level }) => [kind, level])).toEqual([
    ["heading", 1],
    ["heading", 2],
    ["paragraph", undefined],
    ["heading", 3],
    ["paragraph", undefined],
  ]);
});

test("bookmarks mark headings that look like the body", async () => {
  const content = text([72, 700], "1. Scope") + lines([72, 670], BODY);
  const [plain] = await blocksOf(content);
  const [named] = await blocksOf(content, { outline: ["1 Scope"] });

  expect(plain?.kind).toBe("list-item");
  expect(named).toMatchObject({ kind: "heading", level: 1 });
});

test("a bold sentence is no heading", async () => {
  const blocks = await blocksOf(text([72, 700], "Do not remove the cover.", { font: "F2" }) + lines([72, 680], BODY));

  expect(blocks[0]).toMatchObject({ kind: "paragraph" });
});

test("the title is the one in the metadata, or else the largest heading", async () => {
  const pages = [{ content: text([72, 740], "Handbook of refunds", { size: 20 }) + lines([72, 680], BODY) }];

  expect((await readPdf(makePdf({ pages, title: "Refund policy" }))).title).toBe("Refund policy");
  expect((await readPdf(makePdf({ pages, title: "refunds-final2.docx" }))).title).toBe("Handbook of refunds");
  expect((await readPdf(makePdf({ pages: [{ content: lines([72, 680], BODY) }] }))).title).toBeNull();
});

test("list items are separate blocks, with their continued lines", async () => {
  const blocks = await blocksOf(
    lines([72, 700], BODY) +
      text([72, 670], "• Send the form") +
      text([72, 658], "• Wait for the answer, which can take") +
      text([80, 646], "five days") +
      text([72, 634], "2) Keep the receipt"),
  );

  expect(blocks.slice(1)).toEqual([
    { kind: "list-item", text: "- Send the form" },
    { kind: "list-item", text: "- Wait for the answer, which can take five days" },
    { kind: "list-item", text: "2) Keep the receipt" },
  ]);
});

const ROWS = [
  ["Region", "Price", "Units"],
  ["North", "12.50", "1,204"],
  ["South|East", "11.00", "930"],
];
const grid = (top: number) =>
  ROWS.map((cells, row) => cells.map((cell, column) => text([72 + column * 90, top - row * 14], cell)).join("")).join(
    "",
  );

test("aligned rows become a Markdown table after their caption, with the end of the header", async () => {
  const parsed = await readPdf(
    makePdf({ pages: [{ content: text([72, 720], "Table 1: Prices") + grid(700) + lines([72, 640], BODY) }] }),
  );
  const [caption, table, paragraph] = parsed.blocks;

  expect(caption?.kind).toBe("caption");
  expect(table?.kind).toBe("table");
  expect(parsed.text.slice(table?.start, table?.end)).toBe(
    "| Region | Price | Units |\n| --- | --- | --- |\n| North | 12.50 | 1,204 |\n| South\\|East | 11.00 | 930 |",
  );
  expect(parsed.text.slice(table?.start, table?.headerEnd)).toBe("| Region | Price | Units |\n| --- | --- | --- |");
  expect(paragraph?.kind).toBe("paragraph");
  expect(parsed.boxes.filter(({ start }) => start >= (table?.start ?? 0) && start < (table?.end ?? 0))).toHaveLength(3);
});

test("a cell that wraps stays in its row", async () => {
  const content =
    grid(700) +
    text([162, 658], "10.00 for orders") +
    text([72, 658], "West") +
    text([252, 658], "7") +
    text([162, 646], "above a thousand");
  const [table] = await blocksOf(content);

  expect(table?.text.split("\n").at(-1)).toBe("| West | 10.00 for orders above a thousand | 7 |");
});

test("code keeps its lines and its indentation", async () => {
  const code = { font: "F3" as const, size: 10 };
  const blocks = await blocksOf(
    lines([72, 720], BODY) +
      text([72, 680], "if (late) {", code) +
      text([84, 668], "refund();", code) +
      text([72, 656], "}", code),
  );

  expect(blocks[1]).toEqual({ kind: "code", text: "if (late) {\n  refund();\n}" });
});

test("footnotes follow the text of both columns", async () => {
  const left = [
    "The left column has a note1 in its",
    "second row and goes on for a while",
    "before it reaches the end of its",
    "last row. Here it stops.",
  ];
  const right = [
    "The right column is read before the",
    "note, although the note is below the",
    "left column of the page and it has",
    "no note.",
  ];
  const blocks = await blocksOf(
    lines([72, 690], left) +
      lines([320, 690], right) +
      text([72, 80], "1 The note at the end of the left", { size: 7 }) +
      text([72, 71], "column explains a word.", { size: 7 }),
  );

  expect(blocks.map((block) => block.text)).toEqual([
    left.join(" "),
    right.join(" "),
    "1 The note at the end of the left column explains a word.",
  ]);
});

const chapters = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    content:
      text([72, 770], "Company handbook, internal") +
      text([72, 740], `Chapter ${index + 1}`, { size: 16 }) +
      lines([72, 700], [...BODY, `Only page ${"abcdefgh"[index]} has this sentence.`]) +
      text([300, 30], `Page ${index + 1} of ${count}`),
  }));

test("headers and footers of four pages are left out, and repeated headings stay", async () => {
  const { text: read } = await readPdf(makePdf({ pages: chapters(4) }));

  expect(read).not.toContain("Company handbook");
  expect(read).not.toContain("of 4");
  expect(read.match(/Chapter \d/g)).toEqual(["Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4"]);
});

test("lines that repeat on three pages stay, because three pages prove no header", async () => {
  expect((await readPdf(makePdf({ pages: chapters(3) }))).text).toContain("Company handbook");
});

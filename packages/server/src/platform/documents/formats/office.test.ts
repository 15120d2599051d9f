import { utils, write } from "@e965/xlsx";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { cutBlocks, read } from "../testing/read.ts";
import { docxParagraph, packDocx } from "../testing/write-docx.ts";
import { writePptx } from "../testing/write-pptx.ts";

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

test("a link of a Word document becomes its text, and its script is dropped", async () => {
  const link = '<w:hyperlink r:id="r3"><w:r><w:t>Click</w:t></w:r></w:hyperlink>';
  const { text } = await read("letter.docx", packDocx(`<w:p>${link}</w:p>`));
  expect(text).toBe("Click");
});

test("a footnote is referred to by its number, and follows the text", async () => {
  const footnotes = `<w:footnotes ${W}><w:footnote w:id="2">${docxParagraph("The note.")}</w:footnote></w:footnotes>`;
  const body = '<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>';
  const parsed = await read("letter.docx", packDocx(body, { parts: { "word/footnotes.xml": footnotes } }));
  expect(cutBlocks(parsed)).toEqual([
    { kind: "paragraph", text: "Text[1]" },
    { kind: "list-item", text: "1. The note. ↑" },
  ]);
});

test("tracked insertions are text, and tracked deletions are not", async () => {
  const body =
    "<w:p><w:r><w:t>A</w:t></w:r><w:ins><w:r><w:t>B</w:t></w:r></w:ins><w:del><w:r><w:delText>C</w:delText></w:r></w:del></w:p>";
  expect((await read("letter.docx", packDocx(body))).text).toBe("AB");
});

test("a Word document whose main part is no XML is rejected", async () => {
  const broken = packDocx("", { parts: { "word/document.xml": "not XML" } });
  await expect(read("letter.docx", broken)).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining('"letter.docx" cannot be read.'),
  });
});

test("the blocks of a hidden slide are hidden", async () => {
  const slides = [
    { title: "Open", pieces: [] },
    { title: "Secret", pieces: [{ kind: "paragraph" as const, text: "Numbers" }], isHidden: true },
  ];
  const { blocks, pages, title } = await read("deck.pptx", writePptx(slides));
  expect(blocks.map(({ page, isHidden }) => [page, isHidden])).toEqual([
    [1, undefined],
    [2, true],
    [2, true],
  ]);
  expect(pages.map(({ width, height }) => [width, height])).toEqual([
    [960, 540],
    [960, 540],
  ]);
  expect(title).toBe("Open");
});

test("a presentation whose slide is missing is rejected with the name of the part", async () => {
  const archive = zipSync({
    "ppt/presentation.xml": strToU8('<p:presentation><p:sldId r:id="r9"/></p:presentation>'),
  });
  await expect(read("deck.pptx", archive)).rejects.toThrow('its part "ppt/presentation.xml" is missing or incomplete');
});

test("each visible sheet of a workbook is a heading and a table", async () => {
  const book = utils.book_new();
  const prices = utils.aoa_to_sheet([
    ["Plan", null, "Price"],
    [],
    ["Basic | small", null, 9.5],
    ["Date", null, 45_000],
  ]);
  prices.C3.z = '0.00 "USD"';
  prices.C4.z = "yyyy-mm-dd";
  utils.book_append_sheet(book, prices, "Prices");
  utils.book_append_sheet(book, utils.aoa_to_sheet([["a"]]), "Secret");
  utils.book_append_sheet(book, utils.aoa_to_sheet([["only"]]), "Last");
  book.Workbook = { Sheets: [{}, { Hidden: 1 }, {}] };
  book.Props = { Title: "Price list" };
  const parsed = await read("prices.xlsx", new Uint8Array(write(book, { type: "array", bookType: "xlsx" })));
  expect(cutBlocks(parsed)).toEqual([
    { kind: "heading", level: 1, text: "Prices" },
    {
      kind: "table",
      text: "| Plan | Price |\n| Basic \\| small | 9.50 USD |\n| Date | 2023-03-15 |",
      header: "| Plan | Price |",
    },
    { kind: "heading", level: 1, text: "Last" },
    { kind: "table", text: "| only |", header: "| only |" },
  ]);
  expect([parsed.title, parsed.warnings]).toEqual(["Price list", ['The hidden sheet "Secret" was left out.']]);
});

test("a workbook with a cell in its last corner is read without the empty cells", async () => {
  const bytes = new Uint8Array(
    write({ SheetNames: ["S"], Sheets: { S: { A1: { t: "s", v: "first" }, "!ref": "A1" } } }, { type: "array" }),
  );
  const path = "xl/worksheets/sheet1.xml";
  const entries = unzipSync(bytes);
  const row = '<row r="1048576"><c r="XFD1048576" t="str"><v>last</v></c></row></sheetData>';
  const sheet = strFromU8(entries[path] ?? new Uint8Array()).replace("</sheetData>", row);
  const wide = sheet.replace('ref="A1"', 'ref="A1:XFD1048576"');
  expect(wide).toContain('ref="A1:XFD1048576"');
  const parsed = await read("wide.xlsx", zipSync({ ...entries, [path]: strToU8(wide) }));
  expect(cutBlocks(parsed)[1]?.text).toBe("| first |  |\n|  | last |");
});

test("OpenDocument text keeps headings, lists and tables", async () => {
  const content = `<office:document-content><office:body><office:text>
    <text:h text:outline-level="2">Head</text:h>
    <text:p>One<text:s/>two<text:line-break/>three<office:annotation><text:p>comment</text:p></office:annotation></text:p>
    <text:list><text:list-item><text:p>item <text:span>a</text:span></text:p></text:list-item></text:list>
    <table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>H</text:p></table:table-cell></table:table-row></table:table-header-rows>
    <table:table-row><table:table-cell><text:p>1</text:p></table:table-cell></table:table-row></table:table>
    </office:text></office:body></office:document-content>`;
  const archive = zipSync({
    mimetype: [strToU8("application/vnd.oasis.opendocument.text"), { level: 0 }],
    "content.xml": strToU8(content),
    "meta.xml": strToU8("<office:meta><dc:title>The title</dc:title></office:meta>"),
  });
  const parsed = await read("letter.odt", archive);
  expect(cutBlocks(parsed)).toEqual([
    { kind: "heading", level: 2, text: "Head" },
    { kind: "paragraph", text: "One two\nthree" },
    { kind: "list-item", text: "- item a" },
    { kind: "table", text: "| H |\n| 1 |", header: "| H |" },
  ]);
  expect(parsed.title).toBe("The title");
});

test("the chapters of a book follow its spine", async () => {
  const chapter = (name: string) =>
    strToU8(
      `<?xml version="1.0"?><!DOCTYPE html><html><head><title/></head><body><h1>${name}</h1><p>Text<a id="x"/> of ${name}</p></body></html>`,
    );
  const archive = zipSync({
    mimetype: [strToU8("application/epub+zip"), { level: 0 }],
    "META-INF/container.xml": strToU8('<container><rootfile full-path="OEBPS/book.opf"/></container>'),
    "OEBPS/book.opf": strToU8(
      '<package><dc:title>Two chapters</dc:title><manifest><item id="a" href="text/a%20b.xhtml"/><item id="b" href="b.xhtml"/><item id="c" href="c.xhtml"/></manifest><spine><itemref idref="b"/><itemref idref="a"/><itemref idref="c"/></spine></package>',
    ),
    "OEBPS/text/a b.xhtml": chapter("One"),
    "OEBPS/b.xhtml": chapter("Two"),
  });
  const parsed = await read("book.epub", archive);
  expect(parsed.text).toBe("Two\n\nText of Two\n\nOne\n\nText of One");
  expect([parsed.title, parsed.warnings]).toEqual([
    "Two chapters",
    ['The part "c.xhtml" of the book is missing, or is no text.'],
  ]);
});

import { expect, it } from "vitest";
import { reportChunks } from "./chunk-report.ts";
import { cutChunks } from "./cut-chunks.ts";
import { sectionsOf } from "./sections.ts";
import { parsedOf, sentences, testOptions } from "./testing/parsed.ts";

const table = Array.from({ length: 60 }, (_, row) => `row${row} | ${row}`).join("\n");
const parsed = parsedOf([
  { kind: "heading", text: "Empty", level: 2 },
  { kind: "heading", text: "Days", level: 2 },
  { kind: "paragraph", text: sentences(4) },
  { kind: "table", text: table, page: 3 },
]);

it("reports sizes, headings without text and tables that were split", () => {
  const chunks = cutChunks(parsed, testOptions({ targetTokens: 60, maxTokens: 90 }));
  const report = reportChunks(parsed, chunks, 16);
  expect(report.embedded).toBe(chunks.length);
  expect(report.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(chunks.length);
  for (const { from, to, count } of report.histogram)
    expect(chunks.filter(({ tokens }) => tokens >= from && tokens < to)).toHaveLength(count);
  expect(report.lonelyHeadings).toEqual([{ title: "Empty", start: 0, end: 5 }]);
  expect(report.splitTables).toMatchObject([{ page: 3 }]);
  expect(report.warnings).toEqual([
    'The heading "Empty" has no text.',
    expect.stringContaining("The table on page 3 does not fit one chunk."),
  ]);
});

it("has no warning about a table that fits, and one about a document without text", () => {
  expect(reportChunks(parsed, cutChunks(parsed, testOptions())).splitTables).toEqual([]);
  expect(reportChunks(parsedOf([]), [])).toMatchObject({ embedded: 0, tokens: null, histogram: [] });
  expect(reportChunks(parsedOf([]), []).warnings).toEqual(["The document has no visible text, so nothing is indexed."]);
});

it("lists the outline with the place of a section among those with the same path", () => {
  const outline = sectionsOf(
    parsedOf([
      { kind: "paragraph", text: "Before." },
      { kind: "heading", text: "## Notes ##", level: 2 },
      { kind: "heading", text: "More", level: 3 },
      { kind: "paragraph", text: "Text." },
      { kind: "heading", text: "Notes", level: 2 },
      { kind: "heading", text: "Hidden", level: 1, isHidden: true },
    ]),
  );
  expect(outline.map(({ headingPath, occurrence, level }) => [headingPath, occurrence, level])).toEqual([
    [[], 0, 0],
    [["Notes"], 0, 2],
    [["Notes", "More"], 0, 3],
    [["Notes"], 1, 2],
  ]);
  expect(outline.map(({ isHeadingOnly }) => isHeadingOnly)).toEqual([false, true, false, true]);
});

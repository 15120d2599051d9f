import { expect, test } from "vitest";
import { readPdf } from "./read-pdf.ts";
import { lines, makePdf, text } from "./testing/make-pdf.ts";

const read = async (content: string, page: { rotate?: 0 | 90 | 180 | 270; width?: number; height?: number } = {}) =>
  await readPdf(makePdf({ pages: [{ content, ...page }] }));

const LEFT = [
  "The left column starts with this",
  "sentence and it goes down the page",
  "until it has four rows of text and",
  "ends here.",
];
const RIGHT = [
  "The right column follows the left",
  "column even though its rows are at",
  "the same heights as the rows of the",
  "left one.",
];

test("columns are read one after another under a title that spans them", async () => {
  const { text: read_ } = await read(
    text([72, 720], "A title across both columns of the whole page", { size: 18 }) +
      // The file alternates between the columns, as some programs write it.
      LEFT.map((left, row) => text([72, 690 - row * 12], left) + text([320, 690 - row * 12], RIGHT[row] ?? "")).join(
        "",
      ),
  );

  expect(read_).toBe(["A title across both columns of the whole page", LEFT.join(" "), RIGHT.join(" ")].join("\n\n"));
});

test("a right column that starts above the left one stays whole", async () => {
  const right = ["This row of the right column is first", ...RIGHT];
  const parsed = await read(lines([320, 702], right) + lines([72, 690], LEFT));

  expect(parsed.text).toBe(`${LEFT.join(" ")}\n\n${right.join(" ")}`);
});

test("a sentence that continues in the next column is one paragraph", async () => {
  const parsed = await read(
    lines([72, 690], LEFT.slice(0, 3)) +
      lines([320, 690], ["continues in the right column of the", "page, and ends a few rows further", "down."]),
  );

  expect(parsed.blocks).toHaveLength(1);
  expect(parsed.text).toContain("four rows of text and continues in the right column");
});

test("text is read from top to bottom whatever the order in the file is", async () => {
  const parsed = await read(
    text([72, 600], "Third line.") + text([72, 700], "First line.") + text([72, 650], "Second line."),
  );

  expect(parsed.text).toBe("First line.\n\nSecond line.\n\nThird line.");
});

test("a rotated page reads as its viewer shows it, with boxes in the shown page", async () => {
  // On a page that is turned by 90 degrees, upright text runs upwards in the file.
  const turned = { matrix: [0, 1, -1, 0] as const };
  const parsed = await read(
    text([100, 72], "First line of the turned page", turned) + text([112, 72], "and its second line", turned),
    { rotate: 90 },
  );

  expect(parsed.text).toBe("First line of the turned page and its second line");
  expect(parsed.pages[0]).toMatchObject({ width: 792, height: 612 });
  expect(parsed.boxes[0]).toMatchObject({ x: 72, y: 92 });
  expect(parsed.boxes[1]?.y).toBeCloseTo(104, 0);
});

test("text that runs up the margin follows the text of the page", async () => {
  const parsed = await read(
    text([40, 300], "Printed in the margin", { matrix: [0, 1, -1, 0] }) + lines([72, 700], LEFT),
  );

  expect(parsed.text).toBe(`${LEFT.join(" ")}\n\nPrinted in the margin`);
  const box = parsed.boxes.at(-1);
  expect(box?.height).toBeGreaterThan(80);
  expect(box?.width).toBeLessThan(11);
});

test("words are parted by gaps where the file has no spaces, and kerning does not part them", async () => {
  const parsed = await read("BT /F1 10 Tf 72 700 Td [(No) -300 (s) 60 (pa) -90 (ces) -260 (here)] TJ ET");

  expect(parsed.text).toBe("No spaces here");
});

test("letter-spaced words stay whole", async () => {
  const bySpacing = await read("BT /F1 12 Tf 4 Tc 72 700 Td (HEADING) Tj ET");
  const byPositions = await read(
    "BT /F1 12 Tf 72 700 Td [(H) -350 (E) -350 (A) -350 (D) -350 (I) -350 (N) -350 (G)] TJ ET",
  );

  expect(bySpacing.text).toBe("HEADING");
  expect(byPositions.text).toBe("HEADING");
});

test("a hyphen at the end of a line joins a word that continues in lower case", async () => {
  const parsed = await read(lines([72, 700], ["The reposi-", "tory holds the files of Treadle-", "Server and more."]));

  expect(parsed.text).toBe("The repository holds the files of Treadle- Server and more.");
  const [first] = parsed.boxes;
  expect(parsed.text.slice(first?.start, first?.end)).toBe("The reposi");
});

test("ligatures become letters", async () => {
  const parsed = await read(text([72, 700], "The \ufb01rst \ufb02oor of\ufb01ce"));

  expect(parsed.text).toBe("The first floor office");
});

test("Chinese is read without network and gets no spaces between lines", async () => {
  const parsed = await read(
    text([72, 700], "知识库保存文档，", { font: "F4" }) + text([72, 687], "并回答问题。", { font: "F4" }),
  );

  expect(parsed.text).toBe("知识库保存文档，并回答问题。");
  expect(parsed.pages[0]?.quality).toBe(1);
});

import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ParsedText } from "@treadle/retrieval";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openOcr } from "./ocr.ts";
import { checkOffsets, cutBlocks } from "./testing/read.ts";

const SYSTEM = "/usr/bin:/bin";
const signal = AbortSignal.timeout(60_000);
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "treadle-ocr-test-"));
});
afterAll(() => rm(root, { recursive: true }));

/** A folder with programs that are shell scripts, and the path that starts with it. */
async function programs(name: string, scripts: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  for (const [program, script] of Object.entries(scripts)) {
    await writeFile(join(folder, program), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, program), 0o755);
  }
  return `${folder}:${SYSTEM}`;
}
const LANGUAGES = 'if [ "$1" = --list-langs ]; then printf "List of languages (2):\\neng\\nosd\\n"; exit; fi';
/** Writes its arguments as the picture. Tesseract then gives the picture as the text. */
const DRAW = 'for last; do :; done; echo "$* of $(cat document.pdf)" > "$last.png"';
const READ = `${LANGUAGES}; cat "$1"; printf "\\nsecond \\r\\n$3 $4\\f"`;

const page = (number: number, start: number, end: number) => ({
  number,
  start,
  end,
  width: 612,
  height: 792,
  needsOcr: start === end,
  quality: 1,
});
const parsed: ParsedText = {
  text: "First page\n\n| a |\n| 1 |",
  blocks: [
    { kind: "paragraph", start: 0, end: 10, page: 1 },
    { kind: "table", start: 12, end: 23, headerEnd: 17, page: 4 },
  ],
  pages: [page(1, 0, 10), page(2, 12, 12), page(3, 12, 12), page(4, 12, 23), page(5, 23, 23)],
  boxes: [{ start: 12, end: 17, page: 4, x: 0, y: 0, width: 10, height: 10 }],
  title: null,
  warnings: [],
};
const request = { pdfBytes: Buffer.from("the document"), parsed, languages: ["eng"] };

test("the text of each page is added at the place of the page, and all offsets still fit", async () => {
  const ocr = openOcr({ path: await programs("both", { pdftoppm: DRAW, tesseract: READ }) });
  expect(await ocr.whyNoOcr()).toBeNull();
  const read = await ocr.ocrPages({ ...request, pages: [5, 2, 3] }, signal);
  checkOffsets(read);
  const picture = (number: number) =>
    `-r 200 -gray -png -singlefile -f ${number} -l ${number} document.pdf page-${number} of the document`;
  const second = "second\n-l eng";
  expect(read.text).toBe(
    ["First page", picture(2), second, picture(3), second, "| a |\n| 1 |", picture(5), second].join("\n\n"),
  );
  expect(cutBlocks(read).map(({ text, header }) => header ?? text)).toEqual([
    "First page",
    picture(2),
    second,
    picture(3),
    second,
    "| a |",
    picture(5),
    second,
  ]);
  expect(read.blocks.map((block) => block.page)).toEqual([1, 2, 2, 3, 3, 4, 5, 5]);
  const texts = read.pages.map(({ start, end }) => read.text.slice(start, end));
  expect(texts).toEqual([
    "First page",
    `${picture(2)}\n\n${second}`,
    `${picture(3)}\n\n${second}`,
    "| a |\n| 1 |",
    `${picture(5)}\n\n${second}`,
  ]);
  expect(read.boxes.map(({ start, end }) => read.text.slice(start, end))).toEqual(["| a |"]);
  expect(read.pages.map(({ needsOcr }) => needsOcr)).toEqual([false, true, true, false, true]);
  expect(read.warnings).toEqual([2, 3, 5].map((number) => `Page ${number} was read by OCR.`));
});

test("a page that fails, is too slow or has no text has a warning, and the others are read", async () => {
  const read = `${LANGUAGES}; case "$1" in page-2.png) echo "bad picture" >&2; exit 3;; page-3.png) sleep 30;; *) echo " ";; esac`;
  const ocr = openOcr({ path: await programs("failing", { pdftoppm: DRAW, tesseract: read }), pageMs: 3_000 });
  const { text, warnings } = await ocr.ocrPages({ ...request, pages: [2, 3, 5] }, signal);
  expect(text).toBe(parsed.text);
  expect(warnings).toEqual([
    "Page 2 could not be read by OCR: tesseract failed: bad picture.",
    expect.stringMatching(/^Page 3 could not be read by OCR: .* did not finish within 3 s\.$/),
    "OCR found no text on page 5.",
  ]);
});

test("programs have no environment but the path, and their folder is removed", async () => {
  const path = await programs("environment", { pdftoppm: DRAW, tesseract: `${LANGUAGES}; /usr/bin/env; pwd` });
  const { text } = await openOcr({ path }).ocrPages({ ...request, pages: [3] }, signal);
  const names = [...text.matchAll(/^(\w+)=/gm)].map((match) => match[1]).sort();
  expect(names).toEqual(["OMP_THREAD_LIMIT", "PATH", "PWD"].filter((name) => names.includes(name)));
  expect(text).toContain("treadle-ocr-");
  const folder = /\/(treadle-ocr-[^/\n]+)$/m.exec(text)?.[1] ?? "none";
  expect(await readdir(tmpdir())).not.toContain(folder);
});

test("a language that is not installed is rejected with the installed ones", async () => {
  const ocr = openOcr({ path: await programs("languages", { pdftoppm: DRAW, tesseract: READ }) });
  await expect(ocr.ocrPages({ ...request, pages: [2], languages: ["eng", "deu"] }, signal)).rejects.toMatchObject({
    code: "invalid_request",
    message:
      'Tesseract has no data for the language "deu". Installed languages: eng. Install the package tesseract-ocr-deu.',
  });
});

test("without the programs, the reason says what to install", async () => {
  const folder = await programs("one", { pdftoppm: DRAW });
  const ocr = openOcr({ path: folder.split(":")[0] ?? "" });
  const reason =
    "Scanned pages cannot be read, because tesseract is not installed. Install the packages tesseract-ocr and poppler-utils, then try again.";
  expect(await ocr.whyNoOcr()).toBe(reason);
  await expect(ocr.ocrPages({ ...request, pages: [2] }, signal)).rejects.toMatchObject({
    code: "unavailable",
    message: reason,
  });
  expect(await openOcr({ path: "" }).whyNoOcr()).toContain("because tesseract and pdftoppm are not installed");
});

test("an abort ends the programs", async () => {
  const path = await programs("slow", { pdftoppm: "sleep 60", tesseract: READ });
  const reason = new Error("no longer needed");
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 500);
  await expect(openOcr({ path }).ocrPages({ ...request, pages: [2] }, controller.signal)).rejects.toBe(reason);
});

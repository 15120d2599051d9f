import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { image, makePdf } from "../../../platform/documents/pdf/testing/make-pdf.ts";
import { useKnowledgeWorld } from "./testing/use-knowledge-world.ts";

const world = useKnowledgeWorld();

const SCAN = makePdf({ pages: [{ content: image([0, 0, 612, 792]) }] });
/** Programs that act as pdftoppm and Tesseract: one draws an empty file, the other reads the same text on each page. */
const PROGRAMS = {
  pdftoppm: 'for last; do :; done; : > "$last.png"',
  tesseract:
    'if [ "$1" = --list-langs ]; then printf "List of languages (1):\\neng\\n"; exit; fi; echo "The warranty lasts three years."',
};

let folder: string | undefined;
afterEach(async () => {
  if (folder) await rm(folder, { recursive: true });
  folder = undefined;
});

async function installPrograms(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "treadle-scans-"));
  for (const [name, script] of Object.entries(PROGRAMS)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  world.hooks.programs = `${folder}:/usr/bin:/bin`;
  await world.restart();
}

async function readScan(reading: object = {}) {
  const knowledgeBaseId = await world.create({ reading });
  const idOf = await world.upload(knowledgeBaseId, { "scan.pdf": SCAN });
  await world.index(knowledgeBaseId);
  const place = { knowledgeBaseId, documentId: idOf("scan.pdf") };
  return { knowledgeBaseId, document: await world.server.knowledge.getDocument(world.scope, place) };
}

test("the text of a scanned page is found, and the document says that OCR read it", async () => {
  await installPrograms();
  const { knowledgeBaseId, document } = await readScan();
  expect(document).toMatchObject({ state: "indexed", warnings: expect.arrayContaining(["Page 1 was read by OCR."]) });
  const { hits } = await world.search(knowledgeBaseId, "warranty");
  expect(hits[0]).toMatchObject({ uri: "scan.pdf", page: 1, text: expect.stringContaining("three years") });
});

test("without the programs, a scan fails with what to install", async () => {
  const { document } = await readScan();
  expect(document).toMatchObject({ state: "failed", error: expect.stringContaining("tesseract-ocr") });
});

test("a language without data fails with the languages that are there", async () => {
  await installPrograms();
  const { document } = await readScan({ ocrLanguages: ["deu"] });
  expect(document).toMatchObject({ state: "failed", error: expect.stringContaining("Installed languages: eng") });
});

test("with OCR off, no program is asked", async () => {
  await installPrograms();
  const { document } = await readScan({ ocrLanguages: [] });
  expect(document).toMatchObject({ state: "failed", error: expect.stringContaining("only images of pages") });
});

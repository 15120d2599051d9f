import { access, constants, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { ParsedText } from "@treadle/retrieval";
import { AppError } from "../../kernel/errors.ts";
import { messageOf } from "../../kernel/message-of.ts";
import { askProcess } from "../launch/ask-process.ts";
import { findWall } from "../sandbox/find-wall.ts";
import type { Ocr } from "./port.ts";
import { insertPageText } from "./text/insert-page-text.ts";

type Options = {
  /** The folders with the programs, as in the variable PATH. */
  readonly path: string;
  /** Of each program, for each page. */
  readonly pageMs?: number;
  readonly memoryMb?: number;
};
type Run = (signal: AbortSignal, folder: string, command: readonly [string, ...string[]]) => Promise<string>;

const PROGRAMS = ["tesseract", "pdftoppm"] as const;
/** Tesseract's own advice is 300 dpi; at 200 it is twice as fast, and text of 10 points is still read. */
const DPI = 200;
/** A page of any size becomes a picture of at most this length. */
const MOST_PIXELS = 5_000;
const LANGUAGE = /^[a-z]{3}[a-z_]{0,20}$/i;

/** OCR by the programs in these folders. They are looked up for each document, so installing them needs no restart. */
export function openOcr({ path, pageMs = 60_000, memoryMb = 1_536 }: Options): Ocr {
  const run = createRun({ path, pageMs, memoryMb });
  return {
    whyNoOcr: () => whyNoOcr(path),
    async ocrPages(order, signal) {
      const reason = await whyNoOcr(path);
      if (reason !== null) throw new AppError("unavailable", { message: reason });
      const folder = await mkdtemp(join(tmpdir(), "treadle-ocr-"));
      try {
        checkLanguages(order.languages, await run(signal, folder, ["tesseract", "--list-langs"]));
        await writeFile(join(folder, "document.pdf"), order.pdfBytes);
        return await readPages(order, (command) => run(signal, folder, command), signal);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function whyNoOcr(path: string): Promise<string | null> {
  const isInstalled = await Promise.all(PROGRAMS.map((program) => findProgram(program, path)));
  const missing = PROGRAMS.filter((_, place) => !isInstalled[place]);
  if (missing.length === 0) return null;
  return `Scanned pages cannot be read, because ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not installed. Install the packages tesseract-ocr and poppler-utils, then try again.`;
}

/** Runs programs without network, with an empty environment, and returns their output. */
function createRun({ path, pageMs, memoryMb }: Required<Options>): Run {
  let wall: Promise<readonly string[]> | undefined;
  return async (signal, folder, command) => {
    wall ??= findWall();
    const limited = ["-c", `ulimit -v ${memoryMb * 1024} 2>/dev/null; exec "$@"`, "sh", ...command];
    const [program = "/bin/sh", ...rest] = [...(await wall), "/bin/sh", ...limited];
    const environment = { PATH: path, OMP_THREAD_LIMIT: "1" };
    const asked = { folder, command: [program, ...rest] as const, environment };
    const { exitCode, stdout, stderr } = await askProcess(asked, { signal, timeoutMs: pageMs });
    if (exitCode !== 0)
      throw new AppError("unprocessable", {
        message: `${command[0]} failed: ${stderr.trim().split("\n").at(-1) || "it gave no reason"}`,
      });
    return stdout;
  };
}

type RunInFolder = (command: readonly [string, ...string[]]) => Promise<string>;

/** The document with the text of its pages, and a warning for each page. A page that cannot be read does not end the work. */
async function readPages({ parsed, pages, languages }: OcrOrder, run: RunInFolder, signal: AbortSignal) {
  let read = parsed;
  for (const page of [...new Set(pages)].sort((a, b) => a - b)) {
    const { width = 0, height = 0 } = parsed.pages.find(({ number }) => number === page) ?? {};
    const order = { page, languages, longestSide: Math.max(width, height) };
    const outcome = await readPage(order, run).catch((error: unknown) => {
      signal.throwIfAborted();
      return { problem: messageOf(error) };
    });
    read = addPage(read, page, outcome);
  }
  return read;
}

type OcrOrder = Parameters<Ocr["ocrPages"]>[0];
type PageOrder = { readonly page: number; readonly languages: readonly string[]; readonly longestSide: number };
type Outcome = { readonly text: string } | { readonly problem: string };

async function readPage({ page, languages, longestSide }: PageOrder, run: RunInFolder): Promise<Outcome> {
  const dpi = Math.max(1, Math.min(DPI, Math.floor((MOST_PIXELS * 72) / Math.max(1, longestSide))));
  const [number, resolution] = [String(page), String(dpi)];
  const image = `page-${number}`;
  await run([
    "pdftoppm",
    "-r",
    resolution,
    "-gray",
    "-png",
    "-singlefile",
    "-f",
    number,
    "-l",
    number,
    "document.pdf",
    image,
  ]);
  const text = await run(["tesseract", `${image}.png`, "stdout", "-l", languages.join("+"), "--dpi", resolution]);
  return { text };
}

function addPage(parsed: ParsedText, page: number, outcome: Outcome): ParsedText {
  if ("problem" in outcome)
    return withWarning(parsed, `Page ${page} could not be read by OCR: ${outcome.problem.replace(/\.$/, "")}.`);
  if (outcome.text.trim() === "") return withWarning(parsed, `OCR found no text on page ${page}.`);
  return withWarning(insertPageText(parsed, { page, text: outcome.text }), `Page ${page} was read by OCR.`);
}

const withWarning = (parsed: ParsedText, warning: string): ParsedText => ({
  ...parsed,
  warnings: [...parsed.warnings, warning],
});

/** The output lists the languages after a line of heading. */
function checkLanguages(languages: readonly string[], listed: string): void {
  const installed = listed
    .split("\n")
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "osd");
  const missing = languages.find((language) => !LANGUAGE.test(language) || !installed.includes(language));
  if (missing === undefined && languages.length > 0) return;
  throw new AppError("invalid_request", {
    message: `Tesseract has no data for the language "${missing ?? ""}". Installed languages: ${installed.join(", ") || "none"}. Install the package tesseract-ocr-${missing ?? "eng"}.`,
  });
}

async function findProgram(program: string, path: string): Promise<boolean> {
  for (const folder of path.split(delimiter).filter((candidate) => candidate !== "")) {
    const isThere = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}

import type { ParsedText } from "@treadle/retrieval";
import { AppError } from "../../../kernel/errors.ts";
import { buildDrafts } from "./blocks/build-drafts.ts";
import { describePages } from "./blocks/describe-pages.ts";
import { bodySizeOf, markHeadings } from "./blocks/find-headings.ts";
import { moveFootnotes } from "./blocks/move-footnotes.ts";
import { dropRepeatedLines } from "./blocks/repeated-lines.ts";
import { type DraftedPage, writeText } from "./blocks/write-text.ts";
import { readContent } from "./content/read-content.ts";
import { buildLines } from "./lines/build-lines.ts";
import { damagedPdf, type OpenPdf, openDocument } from "./open-document.ts";
import type { PageLines } from "./page-parts.ts";
import { readOutline, readTitle } from "./read-outline.ts";

export type PdfOptions = {
  /** By default, 10,000. */
  readonly maxPages?: number;
  /** UTF-16 units of text. By default, 50 million. */
  readonly maxCharacters?: number;
  /** Checked between pages. */
  readonly signal?: AbortSignal;
};

const MAX_PAGES = 10_000;
const MAX_CHARACTERS = 50_000_000;
/** Fonts and other shared objects of this many pages stay in memory. */
const PAGES_PER_CLEANUP = 50;

/**
 * A PDF as text in reading order, with headings, lists, tables, code, captions and hidden text as blocks, and a box per line. Headers and
 * footers are left out; footnotes follow the text of their page. Pages are read one after another, without network or images.
 *
 * Errors: `unprocessable` if the bytes are no PDF, the PDF is damaged or protected by a password, or a limit is exceeded.
 */
export async function readPdf(bytes: Uint8Array, options: PdfOptions = {}): Promise<ParsedText> {
  const pdf = await openDocument(bytes);
  try {
    checkPages(pdf.document.numPages, options.maxPages ?? MAX_PAGES);
    const { pages, unreadable } = await readPages(pdf, options);
    const outline = await readOutline(pdf.document);
    const title = await readTitle(pdf.document);
    return assemble(pages, { outline, title, unreadable });
  } finally {
    await pdf.close();
  }
}

function checkPages(pages: number, most: number): void {
  if (pages <= most) return;
  const [has, limit] = [pages, most].map((count) => count.toLocaleString("en-US"));
  throw new AppError("unprocessable", {
    message: `The PDF has ${has} pages. The limit is ${limit}. Split it and upload the parts.`,
  });
}

async function readPages(pdf: OpenPdf, { maxCharacters = MAX_CHARACTERS, signal }: PdfOptions) {
  const { document } = pdf;
  const layers = await document.getOptionalContentConfig();
  const pages: PageLines[] = [];
  const unreadable: number[] = [];
  let characters = 0;
  for (let number = 1; number <= document.numPages; number++) {
    signal?.throwIfAborted();
    try {
      pages.push(await readPage(pdf, number, (layer) => isLayerVisible(layers, layer)));
    } catch (cause) {
      unreadable.push(number);
      // A file whose pages all fail has nothing to show.
      if (unreadable.length === document.numPages) throw damagedPdf(cause);
    }
    characters += pages.at(-1)?.lines.reduce((sum, { text }) => sum + text.length + 1, 0) ?? 0;
    if (characters > maxCharacters) throw tooMuchText(maxCharacters, number);
    if (number % PAGES_PER_CLEANUP === 0) await document.cleanup();
  }
  return { pages, unreadable };
}

const tooMuchText = (most: number, page: number) =>
  new AppError("unprocessable", {
    message: `The PDF holds more than ${most.toLocaleString("en-US")} characters up to page ${page}. Split it and upload the parts.`,
  });

type Layers = Awaited<ReturnType<OpenPdf["document"]["getOptionalContentConfig"]>>;

const isLayerVisible = (layers: Layers, layer: unknown): boolean =>
  typeof layer !== "object" || layer === null || Boolean(layers.isVisible(layer));

async function readPage(
  { pdfjs, document }: OpenPdf,
  number: number,
  isVisible: (layer: unknown) => boolean,
): Promise<PageLines> {
  const page = await document.getPage(number);
  try {
    const { width, height, transform } = page.getViewport({ scale: 1 });
    const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = transform;
    const content = readContent(await page.getOperatorList(), {
      ops: pdfjs.OPS,
      toPage: [a, b, c, d, e, f],
      width,
      height,
      fontOf: (name) => (page.commonObjs.has(name) ? page.commonObjs.get(name) : null),
      isLayerVisible: isVisible,
    });
    return buildLines(content, { number, width, height });
  } finally {
    page.cleanup();
  }
}

type Facts = {
  readonly outline: ReadonlyMap<string, number>;
  readonly title: string | null;
  readonly unreadable: readonly number[];
};

function assemble(read: readonly PageLines[], { outline, title, unreadable }: Facts): ParsedText {
  const bodySize = bodySizeOf(read);
  const pages = dropRepeatedLines(read, bodySize);
  const blocks = markHeadings(
    pages.map(({ lines }) => buildDrafts(lines)),
    bodySize,
    outline,
  );
  const drafted = pages.map(
    (page, index): DraftedPage => ({ page, drafts: moveFootnotes(blocks[index] ?? [], bodySize, page.height) }),
  );
  const written = writeText(drafted);
  return { ...written, title: title ?? largestHeading(drafted), warnings: describePages(written, unreadable) };
}

/** The largest heading of the first page that has text: the first one of its size. */
function largestHeading(pages: readonly DraftedPage[]): string | null {
  const headings = pages.find(({ drafts }) => drafts.length > 0)?.drafts.filter(({ kind }) => kind === "heading") ?? [];
  const [first, ...others] = headings;
  if (first === undefined) return null;
  const largest = others.reduce(
    (best, draft) => ((draft.lines[0]?.size ?? 0) > (best.lines[0]?.size ?? 0) ? draft : best),
    first,
  );
  return largest.lines.map(({ text }) => text).join(" ");
}

import type { Block, BlockKind, Page, ParsedText } from "@treadle/retrieval";
import { AppError } from "../../../kernel/errors.ts";
import { cleanText } from "./clean-text.ts";

export type BlockOptions = Pick<Block, "level" | "language" | "isHidden">;
export type TableRows = {
  readonly rows: readonly (readonly string[])[];
  /** How many of the first rows are the header. */
  readonly headerRows: number;
};
export type PageSize = Pick<Page, "number" | "width" | "height">;

const BETWEEN_BLOCKS = "\n\n";

export type TextBuilder = ReturnType<typeof createTextBuilder>;

/**
 * Builds a parsed text block by block. The text of a block is cleaned before its offsets are taken, so offsets always
 * match the text. `maxChars` limits the canonical text: `payload_too_large` beyond it.
 */
export function createTextBuilder({ maxChars }: { maxChars: number }) {
  const parts: string[] = [];
  const blocks: Block[] = [];
  const pages: Page[] = [];
  const warnings = new Set<string>();
  let page: PageSize | null = null;
  let pageStart: number | null = null;
  let length = 0;
  let title: string | null = null;

  function append(text: string, block: Omit<Block, "start" | "end" | "page">): void {
    if (length > 0) {
      parts.push(BETWEEN_BLOCKS);
      length += BETWEEN_BLOCKS.length;
    }
    const start = length;
    if (length + text.length > maxChars) throw tooLong(maxChars);
    parts.push(text);
    length += text.length;
    pageStart ??= start;
    const { headerEnd } = block;
    blocks.push({
      ...block,
      start,
      end: length,
      ...(headerEnd !== undefined && { headerEnd: start + headerEnd }),
      ...(page && { page: page.number }),
    });
  }
  function endPage(): void {
    if (page) pages.push({ ...page, start: pageStart ?? length, end: length, needsOcr: false, quality: 1 });
    page = null;
  }

  return {
    /** Adds a block, unless its text is blank. Only code retains spaces at its start. */
    add(kind: Exclude<BlockKind, "table">, text: string, options: BlockOptions = {}): void {
      const clean = cleanText(text);
      const trimmed = kind === "code" ? clean.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd() : clean.trim();
      if (trimmed !== "") append(trimmed, { kind, ...options });
    },
    /** Adds a table as Markdown rows, one per line. Rows without text are left out. */
    addTable({ rows, headerRows }: TableRows): void {
      const lines = rows.map((cells, place) => ({ line: rowLine(cells), isHeader: place < headerRows }));
      const filled = lines.filter(({ line }) => line !== null);
      if (filled.length === 0) return;
      const header = filled.filter(({ isHeader }) => isHeader).map(({ line }) => line);
      const text = filled.map(({ line }) => line).join("\n");
      append(text, { kind: "table", ...(header.length > 0 && { headerEnd: header.join("\n").length }) });
    },
    /** The following blocks are on this page, until the next one. Sizes are in points. */
    startPage(size: PageSize): void {
      endPage();
      page = size;
      pageStart = null;
    },
    /** The first title that is not blank wins. */
    setTitle(text: string | null | undefined): void {
      title ??= oneLine(text ?? "") || null;
    },
    hasTitle: () => title !== null,
    warn(message: string): void {
      warnings.add(message);
    },
    build(): ParsedText {
      endPage();
      return { text: parts.join(""), blocks, pages, boxes: [], title, warnings: [...warnings] };
    },
  };
}

/** A text on one line, with single spaces. */
export const oneLine = (text: string): string => cleanText(text).replace(/\s+/g, " ").trim();

function rowLine(cells: readonly string[]): string | null {
  const texts = cells.map((cell) => oneLine(cell).replaceAll("|", "\\|"));
  return texts.every((text) => text === "") ? null : `| ${texts.join(" | ")} |`;
}

const tooLong = (maxChars: number) =>
  new AppError("payload_too_large", {
    message: `The text of the document is longer than ${maxChars} characters. Split the document.`,
  });

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
  const state: State = { maxChars, parts: [], blocks: [], pages: [], page: null, pageStart: null, length: 0 };
  const warnings = new Set<string>();
  let title: string | null = null;
  return {
    /** Adds a block, unless its text is blank. Only code retains spaces at its start. */
    add: (kind: Exclude<BlockKind, "table">, text: string, options: BlockOptions = {}): void =>
      addBlock(state, text, { kind, ...options }),
    /** Adds a table as Markdown rows, one per line. Rows without text are left out. */
    addTable: (table: TableRows): void => addTable(state, table),
    /** The following blocks are on this page, until the next one. Sizes are in points. */
    startPage(size: PageSize): void {
      endPage(state);
      state.page = size;
      state.pageStart = null;
    },
    /** The first title that is not blank wins. */
    setTitle(text: string | null | undefined): void {
      title ??= oneLine(text ?? "") || null;
    },
    hasTitle: (): boolean => title !== null,
    warn: (message: string) => void warnings.add(message),
    build(): ParsedText {
      endPage(state);
      const { parts, blocks, pages } = state;
      return { text: parts.join(""), blocks, pages, boxes: [], title, warnings: [...warnings] };
    },
  };
}

type State = {
  readonly maxChars: number;
  readonly parts: string[];
  readonly blocks: Block[];
  readonly pages: Page[];
  page: PageSize | null;
  pageStart: number | null;
  /** Of all parts. */
  length: number;
};
type NewBlock = Omit<Block, "start" | "end" | "page">;

function addBlock(state: State, text: string, block: NewBlock): void {
  const clean = cleanText(text);
  const trimmed = block.kind === "code" ? clean.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd() : clean.trim();
  if (trimmed !== "") append(state, trimmed, block);
}

function addTable(state: State, { rows, headerRows }: TableRows): void {
  const lines = rows.map((cells, place) => ({ line: rowLine(cells), isHeader: place < headerRows }));
  const filled = lines.filter(({ line }) => line !== null);
  if (filled.length === 0) return;
  const header = filled.filter(({ isHeader }) => isHeader).map(({ line }) => line);
  const text = filled.map(({ line }) => line).join("\n");
  append(state, text, { kind: "table", ...(header.length > 0 && { headerEnd: header.join("\n").length }) });
}

function append(state: State, text: string, block: NewBlock): void {
  const { maxChars, parts, page } = state;
  if (state.length > 0) {
    parts.push(BETWEEN_BLOCKS);
    state.length += BETWEEN_BLOCKS.length;
  }
  const start = state.length;
  if (start + text.length > maxChars) throw tooLong(maxChars);
  parts.push(text);
  state.length += text.length;
  state.pageStart ??= start;
  const { headerEnd } = block;
  state.blocks.push({
    ...block,
    start,
    end: state.length,
    ...(headerEnd !== undefined && { headerEnd: start + headerEnd }),
    ...(page && { page: page.number }),
  });
}

function endPage(state: State): void {
  const { page, pageStart, length } = state;
  if (page) state.pages.push({ ...page, start: pageStart ?? length, end: length, needsOcr: false, quality: 1 });
  state.page = null;
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

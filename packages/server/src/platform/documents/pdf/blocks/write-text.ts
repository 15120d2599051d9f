import type { Block, Page, TextBox } from "@treadle/retrieval";
import type { Draft, Line, PageLines, TableRow } from "../page-parts.ts";
import { joinCode, joinLines, type Passage, type Span } from "./join-lines.ts";
import { pageQuality } from "./page-quality.ts";

export type DraftedPage = { readonly page: PageLines; readonly drafts: readonly Draft[] };
export type Written = {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly pages: readonly Page[];
  readonly boxes: readonly TextBox[];
};

type Writer = { text: string[]; length: number; readonly blocks: Block[]; readonly boxes: TextBox[] };

/** The canonical text of the pages, with blocks, pages and one box per line. A page without text is an empty range. */
export function writeText(pages: readonly DraftedPage[]): Written {
  const writer: Writer = { text: [], length: 0, blocks: [], boxes: [] };
  const written = pages.map(({ page, drafts }) => writePage(writer, page, drafts));
  return { text: writer.text.join(""), blocks: writer.blocks, pages: written, boxes: writer.boxes };
}

function writePage(writer: Writer, page: PageLines, drafts: readonly Draft[]): Page {
  let start: number | undefined;
  let previous: Draft | undefined;
  const shown: string[] = [];
  for (const draft of drafts) {
    const written = passageOf(draft);
    if (written.text.trim() === "") continue;
    const isList = previous?.kind === "list-item" && draft.kind === "list-item";
    if (writer.length > 0) append(writer, isList ? "\n" : "\n\n");
    start ??= writer.length;
    writeBlock(writer, { draft, page: page.number, ...written });
    if (draft.lines[0]?.isHidden !== true) shown.push(written.text);
    previous = draft;
  }
  const { number, width, height, needsOcr } = page;
  const quality = pageQuality(shown.join("\n"), needsOcr);
  return { number, start: start ?? writer.length, end: writer.length, width, height, needsOcr, quality };
}

function append(writer: Writer, text: string): void {
  writer.text.push(text);
  writer.length += text.length;
}

type Rendered = Passage & { readonly draft: Draft; readonly page: number; readonly headerEnd?: number };

function writeBlock(writer: Writer, { draft, page, text, spans, headerEnd }: Rendered): void {
  const start = writer.length;
  append(writer, text);
  writer.blocks.push({
    kind: draft.kind,
    start,
    end: writer.length,
    page,
    ...(draft.level === undefined ? {} : { level: draft.level }),
    ...(headerEnd === undefined ? {} : { headerEnd: start + headerEnd }),
    ...(draft.lines[0]?.isHidden === true ? { isHidden: true as const } : {}),
  });
  for (const span of spans) {
    if (span.end > span.start)
      writer.boxes.push({ ...boxAround(span.lines), start: start + span.start, end: start + span.end, page });
  }
}

function boxAround(lines: readonly Line[]) {
  const boxes = lines.map(({ box }) => box);
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

function passageOf(draft: Draft): Passage & { readonly headerEnd?: number } {
  if (draft.rows !== undefined) return tablePassage(draft.rows);
  if (draft.kind === "code") return joinCode(draft.lines);
  const passage = joinLines(draft.lines);
  const label = draft.kind === "list-item" ? /^[•‣◦▪–—*·●○■](?=\s)/u.exec(passage.text) : null;
  // One bullet for all lists, of the same length, so that offsets stay.
  return label === null ? passage : { ...passage, text: `-${passage.text.slice(1)}` };
}

/** A table as Markdown. The header ends after the row of dashes, so that a part of the table with it is a table again. */
function tablePassage(rows: readonly TableRow[]): Passage & { readonly headerEnd: number } {
  const spans: Span[] = [];
  let text = "";
  let headerEnd = 0;
  for (const [index, row] of rows.entries()) {
    if (index > 0) text += "\n";
    const start = text.length;
    text += tableLine(row.cells.map((cell) => cell.replaceAll("\\", "\\\\").replaceAll("|", "\\|")));
    spans.push({ start, end: text.length, lines: row.lines });
    if (index > 0) continue;
    text += `\n${tableLine(row.cells.map(() => "---"))}`;
    headerEnd = text.length;
  }
  return { text, spans, headerEnd };
}

const tableLine = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

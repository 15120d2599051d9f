import { isRightToLeft } from "../lines/scripts-of-text.ts";
import type { Draft, Line } from "../page-parts.ts";
import { findTable } from "./find-tables.ts";

/** The label of a list item, as in "•", "3." or "(b)". A year or a decimal is none. */
const LIST_LABEL = /^(?:[•‣◦▪–—*·●○■-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)])\s+\S/u;
const CAPTION = /^(?:figure|fig\.|table|tab\.|abbildung|abb\.|tabelle|tableau|figura|tabla|listing|图|表|図)\s*\d+/iu;
const SENTENCE_END = /[.!?:。！？؟।]["'”’)\]]?$/u;
const CONTINUES = /^\p{Ll}/u;

/** Row distances above this multiple of the usual one part paragraphs. */
const PARAGRAPH_PITCH = 1.25;
/** The usual row distance, in em, where a page has too few lines to tell. */
const USUAL_PITCH = 1.35;
const CODE_PITCH = 2.6;
const SAME_SIZE = 1.08;

/** The lines of a page as paragraphs, list items, tables, code and captions, in the order of the lines. */
export function buildDrafts(lines: readonly Line[]): readonly Draft[] {
  const layout = { pitch: usualPitch(lines), right: rightEdges(lines) };
  const drafts: Draft[] = [];
  let open: Line[] = [];
  const close = () => {
    if (open.length > 0) drafts.push(toDraft(open));
    open = [];
  };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as Line;
    const found = line.parts.length > 1 ? findTable(lines, index) : null;
    if (found !== null) {
      close();
      drafts.push(found.table);
      index += found.count - 1;
      continue;
    }
    if (open.length > 0 && isNewBlock(open, line, layout)) close();
    open.push(line);
  }
  close();
  return drafts;
}

function toDraft(lines: readonly Line[]): Draft {
  const text = lines[0]?.text ?? "";
  if (lines.every(({ isMono }) => isMono)) return { kind: "code", lines };
  if (LIST_LABEL.test(text)) return { kind: "list-item", lines };
  return { kind: CAPTION.test(text) ? "caption" : "paragraph", lines };
}

type Layout = { readonly pitch: number; readonly right: ReadonlyMap<number, number> };

/** The distance of two lines of one paragraph, in em: the median over lines of one size that follow each other. */
function usualPitch(lines: readonly Line[]): number {
  const pitches = lines.slice(1).flatMap((line, index) => {
    const above = lines[index] as Line;
    const pitch = (line.baseline - above.baseline) / line.size;
    return above.region === line.region && above.size === line.size && pitch > 0.8 && pitch < 3 ? [pitch] : [];
  });
  if (pitches.length < 3) return USUAL_PITCH;
  const sorted = pitches.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 3)] ?? USUAL_PITCH;
}

function rightEdges(lines: readonly Line[]): ReadonlyMap<number, number> {
  const edges = new Map<number, number>();
  for (const { region, end } of lines) edges.set(region, Math.max(edges.get(region) ?? end, end));
  return edges;
}

function isNewBlock(open: readonly Line[], line: Line, layout: Layout): boolean {
  const last = open.at(-1) as Line;
  const first = open[0] as Line;
  if (last.isHidden !== line.isHidden || last.isMono !== line.isMono || last.isBold !== line.isBold) return true;
  if (Math.max(last.size, line.size) > SAME_SIZE * Math.min(last.size, line.size)) return true;
  if (last.region !== line.region) return last.isMono || SENTENCE_END.test(last.text) || !CONTINUES.test(line.text);
  const pitch = (line.baseline - last.baseline) / line.size;
  if (line.isMono) return pitch < 0 || pitch > CODE_PITCH;
  if (pitch < 0 || pitch > layout.pitch * PARAGRAPH_PITCH) return true;
  if (LIST_LABEL.test(line.text) && !isCutNumber(open, line, layout)) return true;
  return LIST_LABEL.test(first.text) ? line.start < first.start - line.size / 2 : isNewParagraph(open, line, layout);
}

/** "… in version\n4. Then" is running text: the line before fills its row without ending a sentence, and no list is open. */
function isCutNumber(open: readonly Line[], line: Line, { right }: Layout): boolean {
  const last = open.at(-1) as Line;
  if (SENTENCE_END.test(last.text) || LIST_LABEL.test(open[0]?.text ?? "") || !/^\d/.test(line.text)) return false;
  const edge = right.get(line.region) ?? last.end;
  return line.start < last.start + 1 && last.end > edge - 0.1 * (edge - last.start);
}

/** Paragraphs without space between them: the first line is indented, or the last line of the one before ends early. */
function isNewParagraph(open: readonly Line[], line: Line, { right }: Layout): boolean {
  const last = open.at(-1) as Line;
  if (!SENTENCE_END.test(last.text) || isRightToLeft(line.text)) return false;
  const isIndented = open.length > 1 && line.start > last.start + line.size && line.start < last.start + 4 * line.size;
  const edge = right.get(line.region) ?? last.end;
  const isShort = last.end < edge - 0.25 * (edge - last.start);
  return isIndented || (isShort && /^["'“‘(]?\p{Lu}/u.test(line.text));
}

import { AppError } from "../../../kernel/errors.ts";
import type { TextBuilder } from "../text/text-builder.ts";
import { hiddenText } from "./collect-text.ts";
import { type DomNode, isElement, isText, visit } from "./dom.ts";
import { headingLevel, isBlock, isHidden, isSilent, isSurrounding, languageOf } from "./elements.ts";
import { createFlow, type Flow } from "./flow.ts";
import { readMarkupTable } from "./read-table.ts";
import { survey } from "./survey.ts";

type Options = {
  readonly builder: TextBuilder;
  /** Of all tables. */
  readonly maxCells: number;
  /** Whether the tree is a document without navigation, such as a chapter of a book. */
  readonly isWhole: boolean;
};

/**
 * Adds the text of an HTML tree. On a page, only the content is read: `main`, or the only `article`, or else the body
 * without navigation, headers, footers and side columns. Throws `payload_too_large` if there are too many cells.
 */
export function addMarkup(root: DomNode, options: Options): void {
  const { builder, isWhole } = options;
  const { content, title, firstHeading, outerTables } = survey(root);
  builder.setTitle(title);
  builder.setTitle(firstHeading);
  const hasContent = !isWhole && content !== null;
  const flow = createFlow(builder);
  const reading: Reading = { ...options, flow, hasContent, outerTables, cells: 0, code: null };
  visit(hasContent ? content : root, {
    enter(node) {
      if (isText(node)) flow.write(node.nodeValue ?? "");
      return isElement(node) ? enterElement(node, reading) : true;
    },
    leave(node) {
      if (isElement(node) && isBlock(node)) leaveBlock(node, reading);
    },
  });
  flow.flush();
}

type Reading = Options & {
  readonly flow: Flow;
  readonly hasContent: boolean;
  readonly outerTables: ReadonlySet<DomNode>;
  cells: number;
  /** The innermost `pre` that is open. Elements in it are lines at most. */
  code: DomNode | null;
};

/** Whether the content of the element is to be visited. */
function enterElement(node: DomNode, reading: Reading): boolean {
  const { flow, isWhole, hasContent } = reading;
  if (isSilent(node) || (!isWhole && isSurrounding(node, hasContent))) return false;
  if (isHidden(node)) {
    flow.hide(hiddenText(node));
    return false;
  }
  if (reading.code) {
    if (node.localName === "br") flow.breakLine();
    if (node.localName === "code") flow.setLanguage(languageOf(node));
    return true;
  }
  if (node.localName === "table" && addTable(node, reading)) return false;
  if (node.localName === "pre") reading.code = node;
  open(node, flow);
  return true;
}

/** Whether the table was added, and not only arranges content. */
function addTable(node: DomNode, reading: Reading): boolean {
  const { builder, flow, outerTables, maxCells } = reading;
  if (outerTables.has(node) || /^(?:presentation|none)$/.test(node.getAttribute("role") ?? "")) return false;
  const table = readMarkupTable(node, () => {
    reading.cells += 1;
    if (reading.cells > maxCells) throw tooManyCells(maxCells);
  });
  if (table.isLayout) return false;
  flow.flush();
  builder.add("caption", table.caption);
  builder.addTable(table);
  for (const text of table.hidden) flow.hide(text);
  return true;
}

function open(node: DomNode, flow: Flow): void {
  const { localName } = node;
  if (isBlock(node)) flow.flush();
  if (localName === "br") flow.breakLine();
  const level = headingLevel(node);
  if (level !== null) flow.begin({ kind: "heading", level });
  if (localName === "pre") flow.begin({ kind: "code", language: languageOf(node) ?? undefined });
  if (localName === "blockquote") flow.begin({ kind: "quote" });
  if (localName === "figcaption" || localName === "caption") flow.begin({ kind: "caption" });
  if (localName === "ol" || localName === "ul" || localName === "menu") flow.beginList(firstNumber(node));
  if (localName === "li") flow.beginItem();
}

function leaveBlock(node: DomNode, reading: Reading): void {
  const { flow } = reading;
  if (reading.code && reading.code !== node) {
    flow.breakLine();
    return;
  }
  reading.code = null;
  flow.flush();
  if (BEGINS.test(node.localName)) flow.end();
  if (LISTS.test(node.localName)) flow.endList();
}

/** Elements for which `open` begins a kind of block. */
const BEGINS = /^(?:h[1-6]|pre|blockquote|figcaption|caption|li)$/;
const LISTS = /^(?:ol|ul|menu)$/;

/** The number of the first item, or null for a list without numbers. */
function firstNumber(node: DomNode): number | null {
  if (node.localName !== "ol") return null;
  const start = Number.parseInt(node.getAttribute("start") ?? "1", 10);
  return Number.isNaN(start) ? 1 : start;
}

const tooManyCells = (maxCells: number) =>
  new AppError("payload_too_large", {
    message: `The tables of the document have more than ${maxCells} cells. Split the document.`,
  });

import type { ParsedText } from "@treadle/retrieval";
import type { Nodes, Root, Table } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { gfmTable } from "micromark-extension-gfm-table";
import { parse } from "yaml";
import { isRecord } from "../../../kernel/is-record.ts";
import { addMarkup } from "../markup/add-markup.ts";
import { parseHtml } from "../markup/dom.ts";
import { createFlow, type Flow } from "../markup/flow.ts";
import { decodeText, GUESS_WARNING } from "../text/decode-text.ts";
import { createTextBuilder, type TextBuilder } from "../text/text-builder.ts";
import type { ReadInput } from "./reader.ts";
import { definitionsOf, splitMarkdown } from "./split-markdown.ts";

const FRONT_MATTER = /^\ufeff?---[ \t]*\r?\n([\s\S]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
const MOST_FRONT_MATTER = 64 * 1024;
const PART_CHARS = 256 * 1024;

/** Markdown with tables of GitHub's flavour. The title is from the front matter, or else the first main heading. */
export function readMarkdown({ bytes, limits }: ReadInput): ParsedText {
  const { text, isGuess } = decodeText(bytes);
  const builder = createTextBuilder({ maxChars: limits.textChars });
  if (isGuess) builder.warn(GUESS_WARNING);
  const front = FRONT_MATTER.exec(text.slice(0, MOST_FRONT_MATTER));
  builder.setTitle(front ? titleIn(front[1] ?? "") : null);
  const source = front ? text.slice(front[0].length) : text;
  const parts = splitMarkdown(source, PART_CHARS);
  const definitions = parts.length > 1 ? definitionsOf(source) : "";
  for (const part of parts) addTree(parseMarkdown(`${part}\n\n${definitions}`), { builder, maxCells: limits.cells });
  return builder.build();
}

const parseMarkdown = (text: string): Root =>
  fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });

function titleIn(yaml: string): string | null {
  try {
    const front: unknown = parse(yaml, { maxAliasCount: 10 });
    return isRecord(front) && typeof front.title === "string" ? front.title : null;
  } catch {
    // Text between two rules at the start of a file can look like front matter.
    return null;
  }
}

type Target = { readonly builder: TextBuilder; readonly maxCells: number };

function addTree(root: Root, target: Target): void {
  const { builder } = target;
  const flow = createFlow(builder);
  visitMarkdown(root, {
    enter(node, parent) {
      if (isInline(node)) {
        if (node.type === "html" && !INLINE_PARENTS.has(parent?.type ?? "")) addHtml(node.value, flow, target);
        else flow.write(inlineText(node));
        if (isBreak(node)) flow.breakLine();
        return true;
      }
      flow.flush();
      if (node.type === "heading" && node.depth === 1) builder.setTitle(textIn(node));
      begin(node, flow, builder);
      return node.type !== "table";
    },
    leave(node) {
      if (isInline(node)) return;
      flow.flush();
      if (node.type === "heading" || node.type === "blockquote" || node.type === "listItem") flow.end();
      if (node.type === "list") flow.endList();
    },
  });
  flow.flush();
}

function begin(node: Nodes, flow: Flow, builder: TextBuilder): void {
  if (node.type === "heading") flow.begin({ kind: "heading", level: node.depth });
  if (node.type === "blockquote") flow.begin({ kind: "quote" });
  if (node.type === "list") flow.beginList(node.ordered ? (node.start ?? 1) : null);
  if (node.type === "listItem") flow.beginItem();
  if (node.type === "code") builder.add("code", node.value, node.lang ? { language: node.lang } : {});
  if (node.type === "table") builder.addTable({ rows: rowsOf(node), headerRows: 1 });
}

function addHtml(html: string, flow: Flow, target: Target): void {
  flow.flush();
  addMarkup(parseHtml(html), { ...target, isWhole: true });
}

const INLINE = new Set(
  "text inlineCode emphasis strong delete link linkReference image imageReference break html footnoteReference".split(
    " ",
  ),
);
const INLINE_PARENTS = new Set(["paragraph", "heading", "emphasis", "strong", "link", "linkReference", "tableCell"]);
const isInline = ({ type }: Nodes) => INLINE.has(type);
const isBreak = (node: Nodes) => node.type === "break" || (node.type === "html" && /^<br\b/i.test(node.value));
const inlineText = (node: Nodes) => (node.type === "text" || node.type === "inlineCode" ? node.value : "");

const rowsOf = ({ children }: Table) => children.map((row) => row.children.map(textIn));

/** The text in a node, without its marks. */
function textIn(root: Nodes): string {
  const parts: string[] = [];
  visitMarkdown(root, {
    enter(node) {
      parts.push(isBreak(node) ? " " : inlineText(node));
      return true;
    },
    leave: () => undefined,
  });
  return parts.join("");
}

type MarkdownVisitor = { enter(node: Nodes, parent: Nodes | null): boolean; leave(node: Nodes): void };

/** Visits a tree without recursion, so that deep nesting does not overflow the stack. */
function visitMarkdown(root: Nodes, { enter, leave }: MarkdownVisitor): void {
  const open: { readonly node: Nodes; next: number }[] = [];
  const start = (node: Nodes, parent: Nodes | null) => void (enter(node, parent) && open.push({ node, next: 0 }));
  start(root, null);
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const children: readonly Nodes[] = "children" in top.node ? top.node.children : [];
    const child = children[top.next];
    top.next += 1;
    if (child) start(child, top.node);
    else {
      open.pop();
      leave(top.node);
    }
  }
}

import type { ParsedText } from "@treadle/retrieval";
import { type DomNode, isElement, isText, textOf, visit } from "../markup/dom.ts";
import { createFlow } from "../markup/flow.ts";
import { attributeIn, bareName, childrenOf, elementsOf, parseXml } from "../markup/xml.ts";
import { readZip } from "../parser/read-zip.ts";
import { createTextBuilder, type TextBuilder } from "../text/text-builder.ts";
import { readXmlPart } from "./package-parts.ts";
import type { ReadInput } from "./reader.ts";

/** Deleted text of tracked changes, comments, and marks of tables and indexes. */
const SILENT = new Set(["tracked-changes", "annotation", "sequence-decls", "forms", "note-citation", "scripts"]);

/** OpenDocument texts: headings, paragraphs, lists, tables and footnotes (OpenDocument 1.3, part 3). */
export async function readOdt({ bytes, limits }: ReadInput): Promise<ParsedText> {
  const content = await readZip(bytes, { limits: limits.zip, wants: (path) => /^(?:content|meta)\.xml$/.test(path) });
  const builder = createTextBuilder({ maxChars: limits.textChars });
  const properties = content.get("meta.xml");
  builder.setTitle(properties ? elementsOf(parseXml(properties.toString()), "title").map(textOf)[0] : null);
  addBody(readXmlPart(content, "content.xml"), builder);
  return builder.build();
}

function addBody(root: DomNode, builder: TextBuilder): void {
  const flow = createFlow(builder);
  visit(root, {
    enter(node) {
      if (isText(node)) flow.write(isInParagraph(node) ? (node.nodeValue ?? "") : "");
      if (!isElement(node)) return true;
      const name = bareName(node);
      if (SILENT.has(name)) return false;
      if (name === "p" || name === "h" || name === "list") flow.flush();
      if (name === "h") flow.begin({ kind: "heading", level: Number(attributeIn(node, "outline-level", "text")) || 1 });
      if (name === "list") flow.beginList(null);
      if (name === "list-item") flow.beginItem();
      if (name === "s" || name === "tab") flow.write(" ");
      if (name === "line-break") flow.breakLine();
      if (name === "table") {
        flow.flush();
        builder.addTable(tableOf(node));
      }
      return name !== "table";
    },
    leave(node) {
      const name = isElement(node) ? bareName(node) : "";
      if (name === "p" || name === "h") flow.flush();
      if (name === "h" || name === "list-item") flow.end();
      if (name === "list") flow.endList();
    },
  });
  flow.flush();
}

/** Spaces between elements are no text. */
const isInParagraph = (node: DomNode) => {
  const name = node.parentNode ? bareName(node.parentNode) : "";
  return name === "p" || name === "h" || name === "span" || name === "a";
};

function tableOf(table: DomNode) {
  const header = childrenOf(table, "table-header-rows").flatMap((rows) => childrenOf(rows, "table-row"));
  const rows = [...header, ...childrenOf(table, "table-row")];
  return {
    rows: rows.map((row) => childrenOf(row, "table-cell").map((cell) => elementsOf(cell, "p").map(textOf).join(" "))),
    headerRows: header.length,
  };
}

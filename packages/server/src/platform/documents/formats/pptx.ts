import type { ParsedText } from "@treadle/retrieval";
import { type DomNode, isElement, isText, textOf, visit } from "../markup/dom.ts";
import { attributeIn, bareName, childrenOf, elementsOf, parseXml } from "../markup/xml.ts";
import { readZip, type ZipContent } from "../parser/read-zip.ts";
import { createTextBuilder, oneLine, type TextBuilder } from "../text/text-builder.ts";
import { damagedPart, readRelations, readXmlPart } from "./package-parts.ts";
import type { ReadInput } from "./reader.ts";

const PRESENTATION = "ppt/presentation.xml";
/** English Metric Units per point (ECMA-376, part 1, 20.1.2.1). */
const EMU_PER_POINT = 12_700;
const DEFAULT_SIZE = { width: 720, height: 540 };
/** Placeholders that repeat on each slide. */
const REPEATED = new Set(["dt", "ftr", "sldNum", "hdr"]);
const WANTED =
  /^(?:docProps\/core\.xml|ppt\/(?:_rels\/)?presentation\.xml(?:\.rels)?|ppt\/(?:slides|notesSlides|diagrams)\/.*\.(?:xml|rels))$/;

/**
 * Slides in their order, each a page that starts with the heading "Slide 3: Title". Then follow its paragraphs, lists,
 * tables and notes. A hidden slide becomes hidden blocks.
 */
export async function readPptx({ bytes, limits }: ReadInput): Promise<ParsedText> {
  const content = await readZip(bytes, { limits: limits.zip, wants: (path) => WANTED.test(path) });
  const builder = createTextBuilder({ maxChars: limits.textChars });
  const presentation = readXmlPart(content, PRESENTATION);
  const relations = readRelations(content, PRESENTATION);
  const properties = content.get("docProps/core.xml");
  builder.setTitle(properties ? elementsOf(parseXml(properties.toString()), "title").map(textOf)[0] : null);
  const size = sizeOf(presentation);
  for (const [place, slide] of elementsOf(presentation, "sldId").entries()) {
    const path = relations.get(attributeIn(slide, "id", "r") ?? "")?.path;
    if (path === undefined) throw damagedPart(PRESENTATION);
    builder.startPage({ number: place + 1, ...size });
    addSlide(builder, content, { path, number: place + 1 });
  }
  return builder.build();
}

function sizeOf(presentation: DomNode) {
  const [size] = elementsOf(presentation, "sldSz");
  const [width, height] = ["cx", "cy"].map((name) => Number(size?.getAttribute(name)) / EMU_PER_POINT);
  return width && height ? { width, height } : DEFAULT_SIZE;
}

function addSlide(builder: TextBuilder, content: ZipContent, slide: { path: string; number: number }): void {
  const root = readXmlPart(content, slide.path);
  const isHidden = elementsOf(root, "sld")[0]?.getAttribute("show") === "0";
  const shapes = shapesOf(root);
  const titleShape = shapes.find(({ placeholder }) => placeholder === "title" || placeholder === "ctrTitle");
  const title = titleShape
    ? oneLine(
        paragraphsOf(titleShape.node)
          .map(({ text }) => text)
          .join(" "),
      )
    : "";
  const heading = title === "" ? `Slide ${slide.number}` : `Slide ${slide.number}: ${title}`;
  const hidden = isHidden ? ({ isHidden: true } as const) : {};
  builder.add("heading", heading, { level: 1, ...hidden });
  if (title !== "" && !isHidden) builder.setTitle(title);
  for (const shape of shapes) {
    if (shape === titleShape || REPEATED.has(shape.placeholder)) continue;
    if (shape.kind === "table" && !isHidden) builder.addTable(tableOf(shape.node));
    else
      for (const { text, isItem } of paragraphsOf(shape.node))
        builder.add(isItem ? "list-item" : "paragraph", isItem ? `- ${text}` : text, hidden);
  }
  const notesPath = [...readRelations(content, slide.path).values()].find(({ type }) => type === "notesSlide")?.path;
  if (notesPath !== undefined && content.has(notesPath)) addNotes(builder, readXmlPart(content, notesPath), hidden);
}

function addNotes(builder: TextBuilder, notes: DomNode, hidden: { isHidden?: true }): void {
  const texts = shapesOf(notes)
    .filter(({ placeholder }) => placeholder === "body")
    .flatMap(({ node }) => paragraphsOf(node).map(({ text }) => text));
  for (const [place, text] of texts.entries()) builder.add("paragraph", place === 0 ? `Notes: ${text}` : text, hidden);
}

type Shape = {
  readonly kind: "text" | "table";
  readonly node: DomNode;
  /** The type of its placeholder. Empty if it is none. */
  readonly placeholder: string;
};

/** The shapes of a slide in their order, those in groups too. */
function shapesOf(root: DomNode): Shape[] {
  const shapes: Shape[] = [];
  visit(root, {
    enter(node) {
      if (!isElement(node)) return true;
      const name = bareName(node);
      // The alternative content repeats a shape for older programs.
      if (name === "Fallback") return false;
      if (name === "tbl") shapes.push({ kind: "table", node, placeholder: "" });
      if (name === "sp") shapes.push({ kind: "text", node, placeholder: placeholderOf(node) });
      return name !== "tbl" && name !== "sp";
    },
    leave: () => undefined,
  });
  return shapes;
}

/** A placeholder without a type is for content (ECMA-376, part 1, 19.3.1.36). */
function placeholderOf(shape: DomNode): string {
  const [placeholder] = elementsOf(shape, "ph");
  return placeholder ? (placeholder.getAttribute("type") ?? "obj") : "";
}

type Paragraph = { readonly text: string; readonly isItem: boolean };

/** Content placeholders have bullets by their layout; other shapes only by their own properties. */
function paragraphsOf(shape: DomNode): Paragraph[] {
  const isContent = ["obj", "body"].includes(placeholderOf(shape));
  return elementsOf(shape, "p").flatMap((paragraph) => {
    const text = paragraphText(paragraph);
    if (text.trim() === "") return [];
    const [properties] = childrenOf(paragraph, "pPr");
    const has = (name: string) => properties !== undefined && childrenOf(properties, name).length > 0;
    const isItem = !has("buNone") && (isContent || has("buChar") || has("buAutoNum"));
    return [{ text: text.trim(), isItem }];
  });
}

/** Text of the runs and fields. A line break is "\n". */
function paragraphText(paragraph: DomNode): string {
  const parts: string[] = [];
  visit(paragraph, {
    enter(node) {
      if (isText(node) && node.parentNode && bareName(node.parentNode) === "t") parts.push(node.nodeValue ?? "");
      if (isElement(node) && bareName(node) === "br") parts.push("\n");
      return true;
    },
    leave: () => undefined,
  });
  return parts.join("");
}

function tableOf(table: DomNode) {
  const rows = childrenOf(table, "tr").map((row) =>
    childrenOf(row, "tc").map((cell) => elementsOf(cell, "p").map(paragraphText).join(" ")),
  );
  const hasHeader = childrenOf(table, "tblPr")[0]?.getAttribute("firstRow") === "1";
  return { rows, headerRows: hasHeader ? 1 : 0 };
}

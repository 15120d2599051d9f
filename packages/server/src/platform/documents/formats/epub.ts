import { posix } from "node:path";
import type { ParsedText } from "@treadle/retrieval";
import { addMarkup } from "../markup/add-markup.ts";
import { parseHtml, textOf } from "../markup/dom.ts";
import { elementsOf } from "../markup/xml.ts";
import { readZip } from "../parser/read-zip.ts";
import { createTextBuilder } from "../text/text-builder.ts";
import { damagedPart, readXmlPart } from "./package-parts.ts";
import type { ReadInput } from "./reader.ts";

const CONTAINER = "META-INF/container.xml";

/** The chapters of a book in the order of its spine (EPUB 3.3). */
export async function readEpub({ bytes, limits }: ReadInput): Promise<ParsedText> {
  const wants = (path: string) => /\.(?:x?html?|xml|opf)$/i.test(path);
  const content = await readZip(bytes, { limits: limits.zip, wants });
  const builder = createTextBuilder({ maxChars: limits.textChars });
  const packagePath = elementsOf(readXmlPart(content, CONTAINER), "rootfile")[0]?.getAttribute("full-path");
  if (!packagePath) throw damagedPart(CONTAINER);
  const book = readXmlPart(content, packagePath);
  builder.setTitle(elementsOf(book, "title").map(textOf)[0]);
  const paths = new Map(
    elementsOf(book, "item").map((item) => [item.getAttribute("id"), item.getAttribute("href") ?? ""]),
  );
  for (const reference of elementsOf(book, "itemref")) {
    const href = paths.get(reference.getAttribute("idref"));
    if (href === undefined) throw damagedPart(packagePath);
    const chapter = content.get(posix.join(posix.dirname(packagePath), decodePath(href)));
    // A spine can hold pictures.
    if (chapter)
      addMarkup(parseHtml(closeElements(chapter.toString())), { builder, maxCells: limits.cells, isWhole: true });
    else builder.warn(`The part "${href}" of the book is missing, or is no text.`);
  }
  return builder.build();
}

/** XHTML may close these in their start tag. HTML would then read the rest of the chapter as their content. */
const closeElements = (xhtml: string) =>
  xhtml.replace(/<(title|script|style|textarea|iframe|noscript|template|a|p|div|span)(\s[^<>]*)?\/>/gi, "<$1$2></$1>");

/** As it is if its escapes are wrong. */
function decodePath(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}

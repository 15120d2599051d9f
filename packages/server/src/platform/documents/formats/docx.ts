import type { ParsedText } from "@treadle/retrieval";
import { zipSync } from "fflate";
import { convertToHtml } from "mammoth";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import { addMarkup } from "../markup/add-markup.ts";
import { parseHtml, textOf } from "../markup/dom.ts";
import { elementsOf, parseXml } from "../markup/xml.ts";
import { readZip, type ZipContent } from "../parser/read-zip.ts";
import { createTextBuilder } from "../text/text-builder.ts";
import type { ReadInput } from "./reader.ts";

/** Comments are dropped by default. Titles are headings of the first level, so that sections keep their order. */
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  "p[style-name='Quote'] => blockquote > p:fresh",
  "p[style-name='Intense Quote'] => blockquote > p:fresh",
  "p[style-name='caption'] => figcaption:fresh",
  "p[style-name='Caption'] => figcaption:fresh",
  "comment-reference => sup",
];

/**
 * Word documents: headings, paragraphs, lists, tables, footnotes and comments. Tracked insertions are text, and deleted
 * text is left out. Page headers, text boxes, equations and pictures are not read.
 */
export async function readDocx({ bytes, limits }: ReadInput): Promise<ParsedText> {
  const content = await readZip(bytes, { limits: limits.zip, wants: (path) => /\.(?:xml|rels)$/i.test(path) });
  const builder = createTextBuilder({ maxChars: limits.textChars });
  builder.setTitle(titleIn(content));
  addMarkup(parseHtml(await toHtml(content)), { builder, maxCells: limits.cells, isWhole: true });
  return builder.build();
}

/** The library unpacks an archive by its own code, so it receives one of the checked entries. */
async function toHtml(content: ZipContent): Promise<string> {
  const archive = zipSync(Object.fromEntries(content), { level: 0 });
  try {
    const { value } = await convertToHtml(
      { buffer: Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength) },
      { styleMap: STYLES, includeEmbeddedStyleMap: false, externalFileAccess: false },
    );
    return value;
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep(cause);
    throw new AppError("unprocessable", {
      message: `The Word document is damaged: ${messageOf(cause)} Open it in Word, and save it again.`,
      cause,
    });
  }
}

function titleIn(content: ZipContent): string | null {
  const properties = content.get("docProps/core.xml");
  if (!properties) return null;
  const [title] = elementsOf(parseXml(properties.toString()), "title");
  return title ? textOf(title) : null;
}

const tooDeep = (cause: unknown) =>
  new AppError("unprocessable", {
    message: "The elements of the Word document are nested too deeply. Open it in Word, and save it again.",
    cause,
  });

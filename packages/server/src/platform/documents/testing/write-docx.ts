import { strToU8, zipSync } from "fflate";
import type { Piece } from "./structure.ts";
import { escapeXml } from "./write-markup.ts";

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml";
export const XML = '<?xml version="1.0" encoding="UTF-8"?>';

/** A Word document of headings, paragraphs, quotes, lists and tables. */
export const writeDocx = (pieces: readonly Piece[], title: string): Uint8Array =>
  packDocx(pieces.map(writePiece).join(""), { title });

/** A Word document with this XML as its body. Extra parts are added to the archive. */
export function packDocx(
  body: string,
  { title = "", doctype = "", parts = {} }: { title?: string; doctype?: string; parts?: Record<string, string> } = {},
): Uint8Array {
  const files: Record<string, string> = {
    "[Content_Types].xml": `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${TYPES}.document.main+xml"/></Types>`,
    "_rels/.rels": `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/_rels/document.xml.rels": `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/styles" Target="styles.xml"/><Relationship Id="r2" Type="${OFFICE}/numbering" Target="numbering.xml"/><Relationship Id="r3" Type="${OFFICE}/hyperlink" Target="javascript:alert(1)" TargetMode="External"/><Relationship Id="r4" Type="${OFFICE}/footnotes" Target="footnotes.xml"/></Relationships>`,
    "word/styles.xml": `${XML}<w:styles ${W}>${[1, 2, 3].map((level) => style(`Heading${level}`, `heading ${level}`)).join("")}${style("Quote", "Quote")}</w:styles>`,
    "word/numbering.xml": `${XML}<w:numbering ${W}>${numbering(1, "bullet")}${numbering(2, "decimal")}<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num></w:numbering>`,
    "docProps/core.xml": `${XML}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escapeXml(title)}</dc:title></cp:coreProperties>`,
    "word/document.xml": `${XML}${doctype}<w:document ${W} xmlns:r="${OFFICE}"><w:body>${body}</w:body></w:document>`,
    ...parts,
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
}

const style = (id: string, name: string) =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`;
const numbering = (id: number, format: string) =>
  `<w:abstractNum w:abstractNumId="${id}"><w:lvl w:ilvl="0"><w:numFmt w:val="${format}"/></w:lvl></w:abstractNum>`;

export const docxParagraph = (text: string, properties = ""): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r></w:p>`;

function writePiece(piece: Piece): string {
  if (piece.kind === "heading") return docxParagraph(piece.text, `<w:pStyle w:val="Heading${piece.level}"/>`);
  if (piece.kind === "quote") return docxParagraph(piece.text, '<w:pStyle w:val="Quote"/>');
  if (piece.kind === "list") {
    const properties = `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="${piece.isOrdered ? 2 : 1}"/></w:numPr>`;
    return piece.items.map((item) => docxParagraph(item, properties)).join("");
  }
  if (piece.kind !== "table") return docxParagraph(piece.text);
  const row = (cells: readonly string[], properties: string) =>
    `<w:tr><w:trPr>${properties}</w:trPr>${cells.map((cell) => `<w:tc>${docxParagraph(cell)}</w:tc>`).join("")}</w:tr>`;
  return `<w:tbl>${row(piece.header, "<w:tblHeader/>")}${piece.rows.map((cells) => row(cells, "")).join("")}</w:tbl>`;
}

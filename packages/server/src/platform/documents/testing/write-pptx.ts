import { strToU8, zipSync } from "fflate";
import type { Piece } from "./structure.ts";
import { XML } from "./write-docx.ts";
import { escapeXml } from "./write-markup.ts";

const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const NAMES = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="${OFFICE}"`;
const RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';

export type Slide = {
  readonly title: string;
  readonly pieces: readonly Piece[];
  readonly notes?: string;
  readonly isHidden?: boolean;
};

/** A presentation of 960 × 540 points. */
export function writePptx(slides: readonly Slide[]): Uint8Array {
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const files = new Map<string, string>();
  files.set(
    "ppt/presentation.xml",
    `<p:presentation ${NAMES}><p:sldIdLst>${slides.map((_, place) => `<p:sldId id="${256 + place}" r:id="r${place}"/>`).join("")}</p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/></p:presentation>`,
  );
  files.set(
    "ppt/_rels/presentation.xml.rels",
    `<Relationships ${RELATIONS}>${slides.map((_, place) => relation(`r${place}`, "slide", `slides/slide${place + 1}.xml`)).join("")}</Relationships>`,
  );
  for (const [place, slide] of slides.entries()) {
    const name = `slide${place + 1}.xml`;
    const shapes = shape(paragraph(slide.title), "title") + slide.pieces.map(writePiece).join("");
    files.set(`ppt/slides/${name}`, `<p:sld ${NAMES}${slide.isHidden ? ' show="0"' : ""}>${tree(shapes)}</p:sld>`);
    if (slide.notes === undefined) continue;
    files.set(
      `ppt/slides/_rels/${name}.rels`,
      `<Relationships ${RELATIONS}>${relation("r1", "notesSlide", `../notesSlides/${name}`)}</Relationships>`,
    );
    files.set(
      `ppt/notesSlides/${name}`,
      `<p:notes ${NAMES}>${tree(shape(paragraph(slide.notes), "body") + shape(paragraph("7"), "sldNum"))}</p:notes>`,
    );
  }
  return zipSync(Object.fromEntries([...files].map(([path, text]) => [path, strToU8(XML + text)])));
}

const tree = (shapes: string) => `<p:cSld><p:spTree>${shapes}</p:spTree></p:cSld>`;
const paragraph = (text: string, properties = "") =>
  `<a:p><a:pPr>${properties}</a:pPr><a:r><a:t>${escapeXml(text)}</a:t></a:r></a:p>`;
const shape = (paragraphs: string, placeholder = "") =>
  `<p:sp><p:nvSpPr><p:nvPr>${placeholder === "" ? "" : `<p:ph type="${placeholder}"/>`}</p:nvPr></p:nvSpPr><p:txBody>${paragraphs}</p:txBody></p:sp>`;

function writePiece(piece: Piece): string {
  if (piece.kind === "list") return shape(piece.items.map((item) => paragraph(item)).join(""), "body");
  if (piece.kind !== "table") return shape(paragraph(piece.text));
  const row = (cells: readonly string[]) =>
    `<a:tr>${cells.map((cell) => `<a:tc><a:txBody>${paragraph(cell)}</a:txBody></a:tc>`).join("")}</a:tr>`;
  return `<p:graphicFrame><a:tbl><a:tblPr firstRow="1"/>${[piece.header, ...piece.rows].map(row).join("")}</a:tbl></p:graphicFrame>`;
}

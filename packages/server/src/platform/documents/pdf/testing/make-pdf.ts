/** Fonts of every test document: F1 Helvetica, F2 bold, F3 Courier, F4 Chinese without an embedded font. */
export type FontName = "F1" | "F2" | "F3" | "F4";

export type TextOptions = {
  readonly font?: FontName;
  readonly size?: number;
  /** Operators before the text, such as a color or a render mode. */
  readonly before?: string;
  /** The first four numbers of the text matrix. */
  readonly matrix?: readonly [number, number, number, number];
};

export type TestPage = {
  readonly content: string;
  readonly width?: number;
  readonly height?: number;
  readonly rotate?: 0 | 90 | 180 | 270;
};

export type TestDocument = {
  readonly pages: readonly TestPage[];
  readonly title?: string;
  /** Titles of bookmarks to the first page. */
  readonly outline?: readonly string[];
  /** Writes an encryption dictionary that the empty password does not open. */
  readonly isEncrypted?: boolean;
};

/** Points from the lower left corner, as in PDF. */
export type Point = readonly [x: number, y: number];

/** One line of text whose baseline starts at a point. */
export function text([x, y]: Point, words: string, options: TextOptions = {}): string {
  const { font = "F1", size = 10, before = "", matrix = [1, 0, 0, 1] } = options;
  const shown =
    font === "F4" ? `<${Buffer.from(words, "utf16le").swap16().toString("hex")}>` : `(${escapeText(words)})`;
  return `q ${before} BT /${font} ${size} Tf ${matrix.join(" ")} ${x} ${y} Tm ${shown} Tj ET Q\n`;
}

/** Lines below each other, 1.2 times their size apart. */
export const lines = ([x, y]: Point, texts: readonly string[], options: TextOptions = {}) =>
  texts.map((words, index) => text([x, y - index * (options.size ?? 10) * 1.2], words, options)).join("");

/** An image over a rectangle. */
export const image = ([x, y, width, height]: readonly [x: number, y: number, width: number, height: number]) =>
  `q ${width} 0 0 ${height} ${x} ${y} cm /Im1 Do Q\n`;

/** Latin letters of Windows-1252. The ligatures are at codes that the fonts' encoding moves them to. */
const escapeText = (words: string) =>
  words
    .replaceAll("\ufb01", "\u0001")
    .replaceAll("\ufb02", "\u0002")
    .replaceAll("•", "\u0095")
    .replace(/[\\()]/g, (sign) => `\\${sign}`);

const ENCODING = "<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl] >>";
const simpleFont = (name: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding ${ENCODING} >>`;

const FIXED: readonly string[] = [
  simpleFont("Helvetica"),
  simpleFont("Helvetica-Bold"),
  simpleFont("Courier"),
  "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [8 0 R] >>",
  stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "\u0080"),
  `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000
      /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>
      /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900]
        /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>`,
];
const FIRST_FIXED = 3;
const FIRST_FREE = FIRST_FIXED + FIXED.length;
const RESOURCES =
  "<< /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R /F4 6 0 R >> /XObject << /Im1 7 0 R >> /ExtGState << /Clear << /ca 0 /CA 0 >> >> >>";
const ENCRYPTION = `<< /Filter /Standard /V 4 /R 4 /Length 128 /P -44 /O <${"5a".repeat(32)}> /U <${"a5".repeat(32)}>
  /CF << /StdCF << /CFM /AESV2 /AuthEvent /DocOpen /Length 16 >> >> /StmF /StdCF /StrF /StdCF >>`;

function stream(entries: string, bytes: string): string {
  return `<< ${entries} /Length ${bytes.length} >>\nstream\n${bytes}\nendstream`;
}

/** A PDF of uncompressed objects (ISO 32000-1, 7.5): easy to read when a test fails. */
export function makePdf({ pages, title, outline = [], isEncrypted = false }: TestDocument): Uint8Array {
  const outlineStart = FIRST_FREE + pages.length * 2;
  const catalog = outline.length > 0 ? `/Outlines ${outlineStart} 0 R` : "";
  const kids = pages.map((_, index) => `${FIRST_FREE + index * 2} 0 R`).join(" ");
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`,
    ...FIXED,
    ...pages.flatMap((page, index) => pageObjects(page, FIRST_FREE + index * 2 + 1)),
    ...outlineObjects(outline, outlineStart),
  ];
  const info = title === undefined ? "" : `/Info << /Title (${escapeText(title)}) >>`;
  const trailer = `/Root 1 0 R ${info} ${isEncrypted ? `/Encrypt ${ENCRYPTION} /ID [<00> <00>]` : ""}`;
  return writeFile(objects, trailer);
}

function pageObjects(
  { content, width = 612, height = 792, rotate = 0 }: TestPage,
  contents: number,
): readonly string[] {
  const box = `/MediaBox [0 0 ${width} ${height}] /Rotate ${rotate}`;
  const page = `<< /Type /Page /Parent 2 0 R ${box} /Resources ${RESOURCES} /Contents ${contents} 0 R >>`;
  return [page, stream("", content)];
}

function outlineObjects(titles: readonly string[], first: number): readonly string[] {
  if (titles.length === 0) return [];
  const items = titles.map((title, index) => {
    const next = index + 1 < titles.length ? `/Next ${first + index + 2} 0 R` : "";
    return `<< /Title (${escapeText(title)}) /Parent ${first} 0 R /Dest [${FIRST_FREE} 0 R /Fit] ${next} >>`;
  });
  return [`<< /First ${first + 1} 0 R /Last ${first + titles.length} 0 R /Count ${titles.length} >>`, ...items];
}

function writeFile(objects: readonly string[], trailer: string): Uint8Array {
  const parts = ["%PDF-1.7\n"];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [index, body] of objects.entries()) {
    const object = `${index + 1} 0 obj\n${body}\nendobj\n`;
    offsets.push(length);
    parts.push(object);
    length += object.length;
  }
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  parts.push(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`);
  parts.push(`trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n${length}\n%%EOF\n`);
  return new Uint8Array(Buffer.from(parts.join(""), "latin1"));
}

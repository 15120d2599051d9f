import { unzipSync } from "fflate";
import { AppError } from "../../kernel/errors.ts";
import { CODE_LANGUAGES } from "./formats/code.ts";
import { extensionOf } from "./formats/reader.ts";
import type { DocumentFile, DocumentFormat } from "./port.ts";
import { markedEncoding } from "./text/decode-text.ts";

const HEAD_BYTES = 64 * 1024;
/** Readers accept a PDF file that starts within these bytes (ISO 32000-1, annex H, 3.4.1). Other files can quote one. */
const PDF_BYTES = 1_024;

/** The first entry of an OpenDocument text, which is not compressed (OpenDocument 1.3, part 2, 3.3). */
const ODT_TYPE = "mimetypeapplication/vnd.oasis.opendocument.text";

const EXTENSIONS: ReadonlyMap<string, DocumentFormat> = new Map<string, DocumentFormat>([
  ...(["pdf", "docx", "pptx", "xlsx", "odt", "html", "epub", "csv", "tsv", "json", "jsonl"] as const).map(
    (format) => [format, format] as const,
  ),
  ["docm", "docx"],
  ["pptm", "pptx"],
  ["xlsm", "xlsx"],
  ["htm", "html"],
  ["xhtml", "html"],
  ["md", "markdown"],
  ["markdown", "markdown"],
  ["mdx", "markdown"],
  ["tab", "tsv"],
  ["ndjson", "jsonl"],
  ["eml", "email"],
  ["txt", "text"],
  ["text", "text"],
  ["log", "text"],
  ["rst", "text"],
  ...[...CODE_LANGUAGES.keys()].map((extension) => [extension, "code"] as const),
]);

const MEDIA_TYPES: ReadonlyMap<string, DocumentFormat> = new Map<string, DocumentFormat>([
  ["text/html", "html"],
  ["application/xhtml+xml", "html"],
  ["text/markdown", "markdown"],
  ["text/csv", "csv"],
  ["text/tab-separated-values", "tsv"],
  ["application/json", "json"],
  ["application/x-ndjson", "jsonl"],
  ["application/jsonl", "jsonl"],
  ["message/rfc822", "email"],
  ["text/javascript", "code"],
  ["application/xml", "code"],
  ["text/xml", "code"],
]);

/** Formats that never are text. */
const BINARY = new Set<DocumentFormat>(["pdf", "docx", "pptx", "xlsx", "odt", "epub"]);

/** Files that are recognized and cannot be read, by their first bytes. */
const REJECTED: readonly (readonly [magic: string, reason: string])[] = [
  [
    "d0cf11e0",
    "It is an old Office document or is protected by a password. Save it as DOCX, XLSX or PPTX without a password.",
  ],
  ["7b5c727466", "It is an RTF document. Save it as DOCX."],
  ["504b0506", "It is an empty archive."],
  ["89504e47", "It is a PNG image. Add documents with text."],
  ["ffd8ff", "It is a JPEG image. Add documents with text."],
  ["47494638", "It is a GIF image. Add documents with text."],
  ["49492a00", "It is a TIFF image. Add documents with text."],
  ["4d4d002a", "It is a TIFF image. Add documents with text."],
  ["52494646", "It is an image, sound or video. Add documents with text."],
  ["1f8b", "It is compressed with gzip. Unpack it."],
  ["28b52ffd", "It is compressed with zstd. Unpack it."],
  ["fd377a585a", "It is compressed with xz. Unpack it."],
  ["425a68", "It is compressed with bzip2. Unpack it."],
  ["377abcaf271c", "It is a 7z archive. Unpack it and add its files."],
  ["526172211a07", "It is a RAR archive. Unpack it and add its files."],
  ["50415231", "It is a Parquet file. Save it as CSV or JSONL."],
  ["53514c69746520", "It is a SQLite database. Export its tables as CSV."],
  ["7f454c46", "It is a program."],
  ["4d5a9000", "It is a program."],
];

/**
 * The format of a document: by its content, else by its extension, else by its media type, else plain text. Throws
 * `unsupported_media_type` for binary files of other formats, and `unprocessable` for empty files.
 */
export function detectFormat({ bytes, name, mediaType }: DocumentFile): DocumentFormat {
  if (bytes.byteLength === 0) throw new AppError("unprocessable", { message: `"${name}" is empty. Send it again.` });
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD_BYTES));
  const named = EXTENSIONS.get(extensionOf(name)) ?? null;
  const binary = binaryFormat(bytes, { head, name, named });
  if (binary) return binary;
  const text = new TextDecoder(markedEncoding(head) ?? "latin1").decode(head).trimStart();
  if (text === "" && bytes.byteLength <= HEAD_BYTES)
    throw new AppError("unprocessable", { message: `"${name}" contains only spaces. Send it again.` });
  return textFormat(text, { name, named, mediaType: mediaType ?? "" });
}

type Named = { readonly name: string; readonly named: DocumentFormat | null };

/** Null for a text. */
function binaryFormat(bytes: Uint8Array, { head, name, named }: Named & { head: Buffer }): DocumentFormat | null {
  const pdfAt = head.subarray(0, PDF_BYTES).indexOf("%PDF-");
  if (pdfAt === 0 || (pdfAt > 0 && (named === "pdf" || named === null))) return "pdf";
  const magic = head.subarray(0, 8).toString("hex");
  if (magic.startsWith("504b0304")) return archiveFormat(bytes, { head, name, named });
  const rejected = REJECTED.find(([start]) => magic.startsWith(start));
  if (rejected) throw unsupported(name, rejected[1]);
  if (markedEncoding(head) === null && head.includes(0))
    throw unsupported(name, "It is a binary file of an unknown format. Save it as PDF, DOCX, HTML or text.");
  return null;
}

function archiveFormat(bytes: Uint8Array, { head, name, named }: Named & { head: Buffer }): DocumentFormat {
  const paths = pathsIn(bytes);
  // A reader of the named format says what is damaged.
  if (paths === null && named && BINARY.has(named) && named !== "pdf") return named;
  if (paths === null) throw new AppError("unprocessable", { message: `"${name}" is a damaged or incomplete archive.` });
  if (paths.has("META-INF/container.xml")) return "epub";
  if (paths.has("word/document.xml")) return "docx";
  if (paths.has("ppt/presentation.xml")) return "pptx";
  if (paths.has("xl/workbook.xml")) return "xlsx";
  if (paths.has("content.xml") && head.includes(ODT_TYPE)) return "odt";
  throw unsupported(name, "It is an archive that is no Office document. Unpack it and add its files.");
}

/** Null if the list of entries cannot be read. Nothing is unpacked. */
function pathsIn(bytes: Uint8Array): ReadonlySet<string> | null {
  const paths = new Set<string>();
  try {
    unzipSync(bytes, {
      filter: ({ name }) => {
        paths.add(name);
        return false;
      },
    });
  } catch {
    return null;
  }
  return paths;
}

function textFormat(text: string, { name, named, mediaType }: Named & { mediaType: string }): DocumentFormat {
  const isPage = /^(?:<!--[\s\S]{0,2000}?-->\s*|<\?xml[^>]{0,200}>\s*)*<(?:!doctype html|html)\b/i.test(text);
  if (isPage && named !== "code" && named !== "markdown" && named !== "email") return "html";
  if (named && BINARY.has(named))
    throw unsupported(name, `Its extension is that of another format: its content is text. Check the file.`);
  if (named) return named;
  const declared = MEDIA_TYPES.get(mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? "");
  if (declared) return declared;
  return /^(?:Received|Return-Path|Delivered-To|MIME-Version|Message-ID):[ \t]/i.test(text) ? "email" : "text";
}

const unsupported = (name: string, reason: string) =>
  new AppError("unsupported_media_type", { message: `"${name}" cannot be read. ${reason}` });

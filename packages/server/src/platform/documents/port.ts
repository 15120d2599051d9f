import type { ParsedText } from "@treadle/retrieval";

/** The formats that can be read. A file of program code is `code`, whatever its language. */
export const DOCUMENT_FORMATS = [
  "pdf",
  "docx",
  "pptx",
  "xlsx",
  "odt",
  "html",
  "markdown",
  "epub",
  "csv",
  "tsv",
  "json",
  "jsonl",
  "email",
  "code",
  "text",
] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

export type DocumentFile = {
  readonly bytes: Uint8Array;
  /** The file's name, for its extension, its title and errors. */
  readonly name: string;
  /** As the source declares it. The content and the extension win over it. */
  readonly mediaType?: string | null;
};

export type ParsedDocument = { readonly format: DocumentFormat; readonly parsed: ParsedText };

/** The limits within which documents are read. */
export type DocumentLimits = {
  /** Of a file. */
  readonly fileBytes: number;
  /** The time for a document is the first figure, and the second for each of its megabytes. */
  readonly timeMs: number;
  readonly timeMsPerMb: number;
  /** Of the parser process, in addition to what it needs without a document. */
  readonly memoryMb: number;
  /** UTF-16 units of the canonical text. */
  readonly textChars: number;
  /** Cells of all sheets of a workbook, and of one table. */
  readonly cells: number;
  readonly zip: ZipLimits;
};

/** The limits of an archive: each DOCX, PPTX, XLSX, ODT and EPUB file is one. */
export type ZipLimits = {
  readonly entries: number;
  /** Uncompressed bytes per compressed byte, for each entry and for the file. Entries below 1 MB are not checked. */
  readonly ratio: number;
  /** Uncompressed bytes of all entries. */
  readonly totalBytes: number;
};

/** Turns the bytes of documents into text, in processes without network, so that no document can stop the server. */
export type Documents = {
  /**
   * Reads one document. Throws `unsupported_media_type` if the format is unknown, `payload_too_large` if a limit of
   * size is exceeded, and `unprocessable` if the document is damaged, or needs more time or memory than its limit.
   */
  parse(file: DocumentFile): Promise<ParsedDocument>;
  /** Ends the processes. Pending documents are rejected with `cancelled`. */
  close(): Promise<void>;
};

export type OcrRequest = {
  readonly pdfBytes: Uint8Array;
  /** What was read of the document without OCR. */
  readonly parsed: ParsedText;
  /** The numbers of the pages to read, from 1. */
  readonly pages: readonly number[];
  /** Codes of Tesseract, such as `eng` and `deu`. */
  readonly languages: readonly string[];
};
/** Reads the text of scanned pages by the programs Tesseract and pdftoppm, if both are installed. */
export type Ocr = {
  /** Null if OCR is possible, or else a sentence that says what to install. */
  whyNoOcr(): Promise<string | null>;
  /**
   * Adds the text of the pages at the place of each page, as paragraphs, with one warning per page. The pages continue
   * to need OCR. A page that cannot be read has a warning with the reason. Throws `unavailable` without the programs,
   * and `invalid_request` for a language that is not installed.
   */
  ocrPages(request: OcrRequest, signal: AbortSignal): Promise<ParsedText>;
};

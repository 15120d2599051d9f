import type { DocumentFormat } from "../port.ts";
import type { DocumentReader } from "./reader.ts";

/** Loads the reader of a format. A library is loaded with the first document that needs it. */
export type LoadReader = () => Promise<DocumentReader>;
export type Readers = ReadonlyMap<DocumentFormat, LoadReader>;

export const READERS: Readers = new Map<DocumentFormat, LoadReader>([
  ["docx", async () => (await import("./docx.ts")).readDocx],
  ["pptx", async () => (await import("./pptx.ts")).readPptx],
  ["xlsx", async () => (await import("./xlsx.ts")).readXlsx],
  ["odt", async () => (await import("./odt.ts")).readOdt],
  ["html", async () => (await import("./html.ts")).readHtml],
  ["markdown", async () => (await import("./markdown.ts")).readMarkdown],
  ["epub", async () => (await import("./epub.ts")).readEpub],
  ["csv", async () => (await import("./table-file.ts")).readCsv],
  ["tsv", async () => (await import("./table-file.ts")).readTsv],
  ["json", async () => (await import("./json.ts")).readJson],
  ["jsonl", async () => (await import("./json.ts")).readJsonl],
  ["email", async () => (await import("./email.ts")).readEmail],
  ["code", async () => (await import("./code.ts")).readCode],
  ["text", async () => (await import("./plain-text.ts")).readPlainText],
]);

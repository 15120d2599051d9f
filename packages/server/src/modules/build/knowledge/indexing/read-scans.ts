import type { KnowledgeReading } from "@treadle/contract";
import type { ParsedText } from "@treadle/retrieval";
import { AppError } from "../../../../kernel/errors.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";

/** OCR takes seconds for a page, and other documents wait. */
const MOST_PAGES = 300;

type Order = {
  readonly bytes: Uint8Array;
  readonly reading: KnowledgeReading;
  readonly signal: AbortSignal;
};

/** A PDF with the text of its scanned pages, or with a warning that says why they were not read. */
export async function readScans(
  { ocr }: Pick<KnowledgeDeps, "ocr">,
  parsed: ParsedText,
  { bytes, reading: { ocrLanguages: languages }, signal }: Order,
): Promise<ParsedText> {
  const scans = parsed.pages.filter(({ needsOcr }) => needsOcr).map(({ number }) => number);
  if (scans.length === 0 || languages.length === 0) return parsed;
  const pages = scans.slice(0, MOST_PAGES);
  const read = await ocr.ocrPages({ pdfBytes: bytes, parsed, pages, languages }, signal).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code === "cancelled") throw error;
    return withWarning(parsed, error.message);
  });
  const left = scans.length - pages.length;
  return left === 0
    ? read
    : withWarning(read, `${left} more pages are scanned. OCR reads at most ${MOST_PAGES} pages.`);
}

const withWarning = (parsed: ParsedText, warning: string): ParsedText => ({
  ...parsed,
  warnings: [...parsed.warnings, warning],
});

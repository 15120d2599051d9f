import type { Block, Page } from "@treadle/retrieval";

const LOW_QUALITY = 0.5;
const MOST_LISTED = 10;

/** What a person should know of the pages: unreadable ones, ones without a text layer, unusual text and hidden text. */
export function describePages(
  { pages, blocks }: { readonly pages: readonly Page[]; readonly blocks: readonly Block[] },
  unreadable: readonly number[],
): readonly string[] {
  const numbers = (is: (page: Page) => boolean) => pages.filter(is).map(({ number }) => number);
  const scans = numbers(({ needsOcr }) => needsOcr);
  const poor = numbers(({ needsOcr, quality }) => !needsOcr && quality < LOW_QUALITY);
  const hidden = [...new Set(blocks.filter(({ isHidden }) => isHidden).map(({ page = 0 }) => page))];
  return [
    sentence(unreadable, "cannot be read and is missing.", "cannot be read and are missing."),
    sentence(
      scans,
      "has no text layer. Run OCR on the PDF to add its text.",
      "have no text layer. Run OCR on the PDF to add their text.",
    ),
    sentence(
      poor,
      "has text that does not look like words. Check it.",
      "have text that does not look like words. Check them.",
    ),
    sentence(hidden, "has hidden text, which is not indexed.", "have hidden text, which is not indexed."),
  ].filter((warning) => warning !== null);
}

function sentence(pages: readonly number[], one: string, many: string): string | null {
  if (pages.length === 0) return null;
  if (pages.length === 1) return `Page ${pages[0]} ${one}`;
  const rest = pages.length - MOST_LISTED;
  const listed = pages.slice(0, MOST_LISTED).join(", ");
  return `Pages ${listed}${rest > 0 ? ` and ${rest} more` : ""} ${many}`;
}

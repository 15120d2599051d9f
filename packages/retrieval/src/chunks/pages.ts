import type { Span } from "../text/sentences.ts";
import type { Block, Page } from "./parsed-text.ts";

/** The first and last page of a span, or an empty object for a format without pages. */
export type PageRange = { readonly page?: number; readonly lastPage?: number };

/** Finds the pages of spans: by the pages of the document, or by the pages of the blocks where the document lists none. */
export function createPageFinder(pages: readonly Page[], blocks: readonly Block[]): (span: Span) => PageRange {
  const starts =
    pages.length > 0 ? pages : blocks.flatMap(({ start, page }) => (page ? [{ start, number: page }] : []));
  const numberAt = (place: number): number | undefined => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle]?.start ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return starts[Math.max(low - 1, 0)]?.number;
  };
  return ({ start, end }) => {
    const page = numberAt(start);
    const lastPage = numberAt(Math.max(start, end - 1));
    return page === undefined || lastPage === undefined ? {} : { page, lastPage };
  };
}

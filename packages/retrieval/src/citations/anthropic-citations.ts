import type { Citation } from "./citation.ts";

/** Where the document of a citation is in the request. Offsets of the citation's source are moved by `offset` to the document's. */
export type CitedDocument = {
  /** The place of the document among the documents of the request, from 0. */
  readonly index: number;
  readonly title: string | null;
  readonly fileId?: string | null;
  /** Where the source's text starts in the document's text, in UTF-16 units; 0 when left out. */
  readonly offset?: number;
  /** The first and last page of the passage, from 1. */
  readonly pages?: { readonly first: number; readonly last: number };
};

/** `CitationCharLocation` of @anthropic-ai/sdk 0.120.0. */
export type CharLocation = {
  readonly type: "char_location";
  readonly cited_text: string;
  readonly document_index: number;
  readonly document_title: string | null;
  readonly file_id: string | null;
  readonly start_char_index: number;
  /** Exclusive. */
  readonly end_char_index: number;
};

/** `CitationPageLocation` of @anthropic-ai/sdk 0.120.0. */
export type PageLocation = {
  readonly type: "page_location";
  readonly cited_text: string;
  readonly document_index: number;
  readonly document_title: string | null;
  readonly file_id: string | null;
  /** From 1. */
  readonly start_page_number: number;
  /** Exclusive: the page after the last. */
  readonly end_page_number: number;
};

/**
 * A citation in Anthropic's shape: by pages where the document has them, else by characters, counted from 0 in UTF-16 units. A
 * passage on page 3 alone has the pages 3 to 4, because the end is exclusive.
 */
export function toLocation(citation: Citation, document: CitedDocument): CharLocation | PageLocation {
  const shared = {
    cited_text: citation.quote,
    document_index: document.index,
    document_title: document.title,
    file_id: document.fileId ?? null,
  };
  const { offset = 0, pages } = document;
  if (pages !== undefined)
    return { type: "page_location", ...shared, start_page_number: pages.first, end_page_number: pages.last + 1 };
  return {
    type: "char_location",
    ...shared,
    start_char_index: offset + citation.sourceStart,
    end_char_index: offset + citation.sourceEnd,
  };
}

import type { Citation } from "./citation.ts";

/** A file that a citation refers to. */
export type CitedFile = { readonly fileId: string; readonly filename: string };

/** `ResponseOutputText.FileCitation` of openai-node 7.5.0. */
export type FileCitationAnnotation = {
  readonly type: "file_citation";
  readonly file_id: string;
  readonly filename: string;
  /** Where in the message the citation belongs. The SDK's comment calls it a place in a list of files; the API sends an offset. */
  readonly index: number;
};

/** `ResponseOutputText.URLCitation` of openai-node 7.5.0. */
export type UrlCitationAnnotation = {
  readonly type: "url_citation";
  readonly url: string;
  readonly title: string;
  readonly start_index: number;
  readonly end_index: number;
};

/**
 * Citations as annotations of files in OpenAI's Responses API. `index` is the offset at which the mark starts, as OpenAI's API sends
 * it (openai-python issue 2512). A citation whose file is unknown is left out.
 */
export const toFileCitations = (
  citations: readonly Citation[],
  fileOf: (citation: Citation) => CitedFile | null,
): readonly FileCitationAnnotation[] =>
  citations.flatMap((citation) => {
    const file = fileOf(citation);
    if (file === null) return [];
    return [{ type: "file_citation", file_id: file.fileId, filename: file.filename, index: citation.markStart }];
  });

/**
 * Citations as annotations of pages in OpenAI's Responses API. `start_index` and `end_index` surround the mark, so that
 * `text.slice(start_index, end_index)` is the mark. A citation whose address is unknown is left out.
 */
export const toUrlCitations = (
  citations: readonly Citation[],
  pageOf: (citation: Citation) => { readonly url: string; readonly title: string } | null,
): readonly UrlCitationAnnotation[] =>
  citations.flatMap((citation) => {
    const page = pageOf(citation);
    if (page === null) return [];
    const { markStart, markEnd } = citation;
    return [{ type: "url_citation", url: page.url, title: page.title, start_index: markStart, end_index: markEnd }];
  });

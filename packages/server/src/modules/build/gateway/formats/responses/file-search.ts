import type { ResponsesRequest } from "@treadle/contract";
import { type FileCitation, type KnowledgeUsed, knowledgeIn } from "../hub/cited.ts";
import { type JsonRecord, listOf } from "../hub/json.ts";

/** A citation as OpenAI's annotation of a text; see `ResponseOutputText.FileCitation` of openai-node 7.5.0. */
export const toAnnotation = ({ file_citation: cited }: FileCitation): JsonRecord => ({
  type: "file_citation",
  file_id: cited.file_id,
  filename: cited.filename,
  index: cited.start_index,
  quote: cited.quote,
  verified: cited.verified,
});

const RESULTS = "file_search_call.results";

/** The search of a knowledge base as an item. It has results only if the request includes them, as at OpenAI. */
export function searchItem(
  used: KnowledgeUsed,
  core: string,
  { include }: ResponsesRequest,
): JsonRecord & { readonly id: string } {
  const hasResults = listOf(include).includes(RESULTS);
  return {
    id: `fs_${core}`,
    type: "file_search_call",
    status: "completed",
    queries: [used.query],
    results: hasResults ? used.passages.map(toResult) : null,
  };
}

const toResult = ({ documentId, title, text, score, number, page }: JsonRecord): JsonRecord => ({
  file_id: documentId,
  filename: title,
  text,
  score,
  attributes: { number, ...(page !== null && { page }) },
});

/** The items of the search that an answer was made from; none for other answers. */
export function searchItems(
  response: { readonly [more: string]: unknown },
  core: string,
  request: ResponsesRequest,
): readonly JsonRecord[] {
  const used = knowledgeIn(response);
  return used === null ? [] : [searchItem(used, core, request)];
}

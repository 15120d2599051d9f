import type { FileCitation } from "../hub/cited.ts";
import type { JsonRecord } from "../hub/json.ts";

/**
 * A citation as Anthropic's location of a document: by pages where the document has them, else by characters. The ends are exclusive.
 * `document_index` counts the passages from 0.
 */
export function toLocation({ file_citation: cited }: FileCitation): JsonRecord {
  const shared = {
    cited_text: cited.quote,
    document_index: cited.number - 1,
    document_title: cited.filename,
    file_id: cited.file_id,
  };
  const { page } = cited;
  if (page !== null) {
    const end = (cited.last_page ?? page) + 1;
    return { type: "page_location", ...shared, start_page_number: page, end_page_number: end };
  }
  const place = { start_char_index: cited.document_start, end_char_index: cited.document_end };
  return { type: "char_location", ...shared, ...place };
}

import { isRecord } from "../../../../../kernel/is-record.ts";
import type { AttributeReader } from "./attribute-reader.ts";
import { toJson } from "./attribute-reader.ts";
import { fieldOf, firstText, type JsonRecord, numberOf, recordOf, showValue } from "./json.ts";
import { firstNumber } from "./read-usage.ts";

/** Documents that a retrieval found or a rerank ordered. */
export type FoundDocument = {
  readonly id: string;
  readonly content: string;
  readonly score: number | null;
  readonly metadata: unknown;
};

const SCORE_NAMES = ["score", "relevance_score"];
const LISTS = ["documents", "results", "matches", "output", "outputs", "data", "source_documents", "context"];

/**
 * Documents from a list, or from a response with a list: LangChain, LlamaIndex, vector stores. Undefined if there are
 * none.
 */
export function readDocuments(value: unknown): FoundDocument[] | undefined {
  if (Array.isArray(value)) {
    const documents = value.filter(isDocument).map(toDocument);
    return documents.length > 0 ? documents : undefined;
  }
  if (!isRecord(value)) return undefined;
  for (const name of LISTS) {
    const documents = readDocuments(fieldOf(value, name));
    if (documents !== undefined) return documents;
  }
  return undefined;
}

/** OpenInference's `PREFIX.N.document.{id,content,score,metadata}`. */
export function readIndexedDocuments(reader: AttributeReader, prefix: string): FoundDocument[] | undefined {
  const documents = reader.items(prefix, /^document\.(?:id|content|score|metadata)$/).map(({ fields }) => {
    const metadata = toJson(fields.get("document.metadata") ?? null);
    return {
      id: showValue(fields.get("document.id")),
      content: showValue(fields.get("document.content")),
      score: numberOf(fields.get("document.score")) ?? firstNumber(recordOf(metadata), SCORE_NAMES) ?? null,
      metadata,
    };
  });
  return documents.length > 0 ? documents : undefined;
}

const CONTENT_NAMES = ["page_content", "pageContent", "content", "text", "document", "chunk"];

const isDocument = (item: unknown): item is JsonRecord | string =>
  typeof item === "string" ||
  (isRecord(item) && [...CONTENT_NAMES, "node", "id", "score"].some((name) => Object.hasOwn(item, name)));

function toDocument(item: JsonRecord | string): FoundDocument {
  if (typeof item === "string") return { id: "", content: item, score: null, metadata: null };
  // LlamaIndex wraps a node together with its score, LangChain's serialisation the fields in `kwargs`.
  const inner = recordOf(fieldOf(item, "node") ?? fieldOf(item, "kwargs") ?? fieldOf(item, "document"));
  const document: JsonRecord = { ...inner, ...item };
  const metadata = fieldOf(document, "metadata") ?? null;
  const about = recordOf(metadata);
  const text = CONTENT_NAMES.map((name) => fieldOf(document, name)).find((value) => typeof value === "string");
  return {
    id: firstText(document, ["id", "document_id", "doc_id", "id_"]) || firstText(about, ["doc_uri", "id", "source"]),
    content: showValue(text),
    score: firstNumber(document, ["score", "relevance_score", "similarity"]) ?? firstNumber(about, SCORE_NAMES) ?? null,
    metadata,
  };
}

/** A retrieved document: its source, score and text. */
export type RetrievedDocument = {
  readonly id: string;
  readonly title: string;
  readonly score: number | null;
  readonly content: unknown;
  readonly rest: Readonly<Record<string, unknown>>;
};

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const CONTENT = ["content", "text", "page_content", "pageContent", "document", "chunk", "snippet", "body"];
const SCORE = ["score", "relevance_score", "relevanceScore", "similarity", "distance", "rank_score"];
const ID = ["id", "document_id", "documentId", "doc_id", "chunk_id", "key"];
const TITLE = ["title", "name", "source", "url", "uri", "file", "filename"];
const LISTS = ["documents", "results", "matches", "hits", "chunks", "nodes", "items", "data"];

/** The documents in what a retrieval gave, in whichever of the usual shapes; undefined when it holds none. */
export function documentsIn(value: unknown): readonly RetrievedDocument[] | undefined {
  const list: readonly unknown[] = (Array.isArray(value) ? value : listIn(value)) ?? [];
  const given = list.filter(isFields);
  if (list.length === 0 || given.length < list.length) return undefined;
  const documents = given.map(documentOf);
  return documents.every(({ content }) => content !== undefined) ? documents : undefined;
}

function listIn(value: unknown): readonly unknown[] | undefined {
  if (!isFields(value)) return undefined;
  return LISTS.map((name) => value[name]).find(Array.isArray);
}

function documentOf(given: Fields): RetrievedDocument {
  // Frameworks wrap the document and add the score outside it.
  const inner = [given.document, given.node, given.payload].find(isFields);
  const fields: Fields = inner ? { ...given, ...inner } : given;
  const metadata = isFields(fields.metadata) ? fields.metadata : {};
  const content = pick(
    fields,
    CONTENT.filter((name) => !isFields(fields[name])),
  );
  const score = pick(fields, SCORE) ?? pick(metadata, SCORE);
  return {
    id: textOf(pick(fields, ID)),
    title: textOf(pick(fields, TITLE)) || textOf(pick(metadata, TITLE)),
    score: typeof score === "number" ? score : null,
    content,
    rest: metadata,
  };
}

const pick = (fields: Fields, names: readonly string[]): unknown =>
  names.map((name) => fields[name]).find((value) => value !== undefined && value !== null);

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

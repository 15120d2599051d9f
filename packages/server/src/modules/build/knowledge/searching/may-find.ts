import { type KnowledgeSearch, matchesFilter } from "@treadle/contract";
import type { DocumentRow } from "../stores/document-store.ts";

type Access = Pick<DocumentRow, "id" | "sourceId" | "principals" | "metadata" | "quarantinedAt">;
type Request = Pick<KnowledgeSearch, "principals" | "sources" | "documents" | "metadata" | "filter">;

const EVERYONE = "public";

/**
 * Whether a search may find a document. A document without principals is found by nobody. A quarantined one is not found, also in
 * versions that were built before.
 */
export function readsDocument(
  { id, sourceId, principals, metadata: facts, quarantinedAt }: Access,
  { principals: own = [], sources, documents, metadata = {}, filter }: Request,
): boolean {
  if (quarantinedAt !== null) return false;
  if (!principals.some((principal) => principal === EVERYONE || own.includes(principal))) return false;
  if (sources && !sources.includes(sourceId)) return false;
  if (documents && !documents.includes(id)) return false;
  if (filter && !matchesFilter(facts, filter)) return false;
  return Object.entries(metadata).every(([name, value]) => Object.hasOwn(facts, name) && facts[name] === value);
}

import { createBases } from "./bases.ts";
import { createChunkPreview, createDocumentText } from "./document-text.ts";
import { createDocuments } from "./documents.ts";
import { createIndexJob } from "./indexing/index-job.ts";
import { createSearch } from "./searching/search-service.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import { createVersions } from "./versions.ts";

/** Knowledge bases: documents, immutable index versions of them, and search. */
export function createKnowledge(deps: KnowledgeDeps) {
  const job = createIndexJob(deps);
  return {
    ...createBases(deps),
    ...createDocuments(deps, job),
    ...createDocumentText(deps),
    ...createChunkPreview(deps),
    ...createVersions(deps, job),
    ...createSearch(deps),
  };
}
export type Knowledge = ReturnType<typeof createKnowledge>;

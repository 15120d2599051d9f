import { createBases } from "./bases.ts";
import { createChunkPreview, createDocumentText } from "./document-text.ts";
import { createDocuments } from "./documents.ts";
import { createIndexJob } from "./indexing/index-job.ts";
import { createSearch } from "./searching/search-service.ts";
import { createSources } from "./sources/source-service.ts";
import type { SyncDeps } from "./sync/deps.ts";
import { createVersions } from "./versions.ts";

/** Knowledge bases: documents of several sources, immutable index versions of them, and search. */
export function createKnowledge(deps: SyncDeps) {
  const job = createIndexJob(deps);
  return {
    ...createBases(deps),
    ...createDocuments(deps, job),
    ...createDocumentText(deps),
    ...createChunkPreview(deps),
    ...createSources({ ...deps, index: job }),
    ...createVersions(deps, job),
    ...createSearch(deps),
  };
}
export type Knowledge = ReturnType<typeof createKnowledge>;

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { KnowledgeIndexing } from "@treadle/contract";
import { useState } from "react";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { useProject } from "../../../system/session/index.ts";
import { errorsIn } from "../shared/errors-in.ts";
import type { IndexingDraft } from "../shared/indexing-fields.tsx";
import type { KnowledgeDocument } from "../shared/use-documents.ts";

/** Settings of chunks on trial, and the document with its chunks. Off until `start`. */
export function useChunkTrial(knowledgeBaseId: string, document: KnowledgeDocument) {
  const [value, setValue] = useState<IndexingDraft>();
  const settled = useSettled(value);
  const isValid = settled !== undefined && Object.keys(errorsIn(KnowledgeIndexing, settled)).length === 0;
  const preview = usePreview(knowledgeBaseId, document, value !== undefined && isValid ? settled : undefined);
  return {
    value,
    preview: value === undefined ? undefined : preview.data,
    isLoading: preview.isFetching || (value !== settled && value !== undefined),
    error: preview.error,
    start: ({ chunkTokens, overlap }: KnowledgeIndexing) => setValue({ chunkTokens, overlap }),
    change: setValue,
    close: () => setValue(undefined),
  };
}

/** The document with the chunks of settings. Not read without settings. */
function usePreview(
  knowledgeBaseId: string,
  { documentId, contentHash }: KnowledgeDocument,
  body: IndexingDraft | undefined,
) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["knowledge", id, knowledgeBaseId, "preview", documentId, contentHash, body],
    enabled: body !== undefined,
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/preview", {
        params: { knowledgeBaseId, documentId },
        body: { chunkTokens: body?.chunkTokens, overlap: body?.overlap },
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

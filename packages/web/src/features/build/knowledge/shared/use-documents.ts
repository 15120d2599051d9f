import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { DocumentState } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../../api.ts";
import { saveBlob } from "../../../../components/browser/save-file.ts";
import { useProject } from "../../../system/session/index.ts";
import { useRefreshKnowledge } from "./use-bases.ts";

const ONE = "/api/v1/knowledge/:knowledgeBaseId/documents/:documentId";

export type KnowledgeDocument = Answer<"GET /api/v1/knowledge/:knowledgeBaseId/documents/:documentId">;
export type DocumentText = Answer<"GET /api/v1/knowledge/:knowledgeBaseId/documents/:documentId/text">;
export type DocumentPatch = NonNullable<RequestFor<`PATCH ${typeof ONE}`>["body"]>;
/** Where a document is. */
export type DocumentPlace = { readonly knowledgeBaseId: string; readonly documentId: string };

const PACE_MS = 1_500;
const isMoving = ({ state }: Pick<KnowledgeDocument, "state">) => state === "waiting" || state === "parsed";

type Filter = {
  readonly knowledgeBaseId: string;
  readonly search: string;
  readonly state: string | undefined;
  readonly sourceId: string | undefined;
  /** Whether the base indexes now, so that the states of the rows change. */
  readonly isFollowed: boolean;
};

/** The documents of a base, newest first, page by page. */
export function useDocuments({ knowledgeBaseId, search, state: name, sourceId, isFollowed }: Filter) {
  const { id, client } = useProject();
  const state = DocumentState.safeParse(name).data;
  return useInfiniteQuery({
    queryKey: ["knowledge", id, knowledgeBaseId, "documents", search, state, sourceId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/knowledge/:knowledgeBaseId/documents", {
        params: { knowledgeBaseId },
        query: { limit: 50, cursor, search: search || undefined, state, sourceId },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: isFollowed ? PACE_MS : false,
  });
}

/** One document, read again until it is indexed. */
export function useDocument({ knowledgeBaseId, documentId }: DocumentPlace) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["knowledge", id, knowledgeBaseId, "document", documentId],
    queryFn: ({ signal }) => client.call(`GET ${ONE}`, { params: { knowledgeBaseId, documentId }, signal }),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? PACE_MS : false),
  });
}

type TextOf = { readonly document: KnowledgeDocument; readonly version: string | undefined };

/** The text of a document with the chunks of a version. Not read before the document is parsed. */
export function useDocumentText(knowledgeBaseId: string, { document, version }: TextOf) {
  const { id, client } = useProject();
  const { documentId, contentHash, state } = document;
  return useQuery({
    queryKey: ["knowledge", id, knowledgeBaseId, "document", documentId, "text", version, contentHash, state],
    enabled: document.characters !== null,
    queryFn: ({ signal }) =>
      client.call(`GET ${ONE}/text`, {
        params: { knowledgeBaseId, documentId },
        query: version === undefined ? {} : { version: Number(version) },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

/** Changes who finds a document. The dialog shows the error. */
export function useUpdateDocument({ knowledgeBaseId, documentId }: DocumentPlace) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: (body: DocumentPatch) => client.call(`PATCH ${ONE}`, { params: { knowledgeBaseId, documentId }, body }),
    onSuccess,
  });
}

export function useDeleteDocument(knowledgeBaseId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: (documentId: string) => client.call(`DELETE ${ONE}`, { params: { knowledgeBaseId, documentId } }),
    meta: { failure: "The document was not deleted" },
    onSuccess,
  });
}

export function useRetryDocument(knowledgeBaseId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: (documentId: string) => client.call(`POST ${ONE}/retry`, { params: { knowledgeBaseId, documentId } }),
    meta: { failure: "The document was not parsed again" },
    onSuccess,
  });
}

export function useReleaseDocument(knowledgeBaseId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshKnowledge();
  return useMutation({
    mutationFn: (documentId: string) => client.call(`POST ${ONE}/release`, { params: { knowledgeBaseId, documentId } }),
    meta: { failure: "The document was not released" },
    onSuccess,
  });
}

/** Downloads the file of a document. */
export function useDownloadDocument(knowledgeBaseId: string) {
  const { client } = useProject();
  return useMutation({
    async mutationFn({ documentId, name }: { documentId: string; name: string }) {
      const response = await client.send(`GET ${ONE}/file`, { params: { knowledgeBaseId, documentId } });
      saveBlob(name, await response.blob());
    },
    meta: { failure: "The file was not downloaded" },
  });
}

/** The bytes of the file of a document. A new file of the same document has a new hash. */
export function useDocumentBytes(knowledgeBaseId: string, { documentId, contentHash }: KnowledgeDocument) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["knowledge-file", id, knowledgeBaseId, documentId, contentHash],
    queryFn: async ({ signal }) =>
      (await client.send(`GET ${ONE}/file`, { params: { knowledgeBaseId, documentId }, signal })).arrayBuffer(),
    staleTime: Number.POSITIVE_INFINITY,
    // A file can have 100 MiB.
    gcTime: 30_000,
  });
}

type Upload = { readonly file: File; readonly principals: readonly string[]; readonly signal: AbortSignal };

/** Uploads one file. A file with the same name replaces the earlier one. */
export function useUploadDocument(knowledgeBaseId: string) {
  const { client } = useProject();
  return async ({ file, principals, signal }: Upload): Promise<void> => {
    await client.call("POST /api/v1/knowledge/:knowledgeBaseId/documents", {
      params: { knowledgeBaseId },
      query: { name: file.name, principals: principals.join(",") },
      bytes: new Uint8Array(await file.arrayBuffer()),
      signal,
    });
  };
}

import { z } from "zod";
import { defineApi } from "../../route.ts";
import { documentMetadata } from "../knowledge/metadata.ts";
import { VectorStore, VectorStoreFile, VectorStoreFileBatch, VectorStoreSearchResult } from "./objects.ts";
import {
  VectorStoreBatchInput,
  VectorStoreChange,
  VectorStoreCreation,
  VectorStoreFileInput,
  VectorStoreFileWindow,
  VectorStoreSearch,
  VectorStoreWindow,
} from "./requests.ts";

const id = z.string().max(200);
const params = z.object({ vectorStoreId: id });
const fileParams = params.extend({ fileId: id });
const batchParams = params.extend({ batchId: id });

const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    object: z.literal("list"),
    data: z.array(item),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });
const deleted = (object: string) => z.object({ id: z.string(), object: z.literal(object), deleted: z.literal(true) });

const reads = { permission: "knowledge:read", wire: "openai" } as const;
const writes = { permission: "knowledge:write", wire: "openai" } as const;

export const vectorStoreBasesApi = defineApi({
  "POST /v1/vector_stores": {
    ...writes,
    name: "createVectorStore",
    summary: "Create a vector store, which is a knowledge base",
    body: VectorStoreCreation,
    example: { name: "Handbook", file_ids: ["file-01k0"] },
    response: VectorStore,
  },
  "GET /v1/vector_stores": {
    ...reads,
    name: "listVectorStores",
    summary: "The knowledge bases as vector stores",
    query: VectorStoreWindow,
    response: listOf(VectorStore),
  },
  "GET /v1/vector_stores/:vectorStoreId": {
    ...reads,
    name: "retrieveVectorStore",
    summary: "One vector store",
    params,
    response: VectorStore,
  },
  "POST /v1/vector_stores/:vectorStoreId": {
    ...writes,
    name: "modifyVectorStore",
    summary: "Change the name or the metadata of a vector store",
    params,
    body: VectorStoreChange,
    example: { name: "Handbook" },
    response: VectorStore,
  },
  "DELETE /v1/vector_stores/:vectorStoreId": {
    ...writes,
    name: "deleteVectorStore",
    summary: "Delete a vector store, which is a knowledge base",
    description: "Files of `/v1/files` are not deleted.",
    params,
    response: deleted("vector_store.deleted"),
  },
  "POST /v1/vector_stores/:vectorStoreId/search": {
    ...reads,
    name: "searchVectorStore",
    summary: "Search a vector store",
    params,
    body: VectorStoreSearch,
    example: { query: "How many days does a refund take?" },
    response: z.object({
      object: z.literal("vector_store.search_results.page"),
      search_query: z.array(z.string()),
      data: z.array(VectorStoreSearchResult),
      has_more: z.boolean(),
      next_page: z.null(),
    }),
  },
});

export const vectorStoreFilesApi = defineApi({
  "POST /v1/vector_stores/:vectorStoreId/files": {
    ...writes,
    name: "createVectorStoreFile",
    summary: "Add an uploaded file to a vector store",
    description: "A file that the store has already gets the new attributes and chunks.",
    params,
    body: VectorStoreFileInput,
    example: { file_id: "file-01k0", attributes: { year: 2026 } },
    response: VectorStoreFile,
  },
  "GET /v1/vector_stores/:vectorStoreId/files": {
    ...reads,
    name: "listVectorStoreFiles",
    summary: "The files of a vector store, and its other documents",
    params,
    query: VectorStoreFileWindow,
    response: listOf(VectorStoreFile),
  },
  "GET /v1/vector_stores/:vectorStoreId/files/:fileId": {
    ...reads,
    name: "retrieveVectorStoreFile",
    summary: "One file of a vector store",
    params: fileParams,
    response: VectorStoreFile,
  },
  "POST /v1/vector_stores/:vectorStoreId/files/:fileId": {
    ...writes,
    name: "updateVectorStoreFile",
    summary: "Replace the attributes of a file in a vector store",
    description: "It takes effect immediately.",
    params: fileParams,
    body: z.looseObject({ attributes: documentMetadata.nullable() }),
    example: { attributes: { year: 2026 } },
    response: VectorStoreFile,
  },
  "DELETE /v1/vector_stores/:vectorStoreId/files/:fileId": {
    ...writes,
    name: "deleteVectorStoreFile",
    summary: "Remove a file from a vector store",
    description: "Searches no longer find it immediately. The file of `/v1/files` is not deleted.",
    params: fileParams,
    response: deleted("vector_store.file.deleted"),
  },
  "GET /v1/vector_stores/:vectorStoreId/files/:fileId/content": {
    ...reads,
    name: "readVectorStoreFile",
    summary: "The text of a file in a vector store",
    params: fileParams,
    response: z.object({
      object: z.literal("vector_store.file_content.page"),
      data: z.array(z.object({ type: z.literal("text"), text: z.string() })),
      has_more: z.boolean(),
      next_page: z.null(),
    }),
  },
});

export const vectorStoreBatchesApi = defineApi({
  "POST /v1/vector_stores/:vectorStoreId/file_batches": {
    ...writes,
    name: "createVectorStoreFileBatch",
    summary: "Add several uploaded files to a vector store",
    params,
    body: VectorStoreBatchInput,
    example: { file_ids: ["file-01k0", "file-01k1"] },
    response: VectorStoreFileBatch,
  },
  "GET /v1/vector_stores/:vectorStoreId/file_batches/:batchId": {
    ...reads,
    name: "retrieveVectorStoreFileBatch",
    summary: "One batch of files, with its progress",
    params: batchParams,
    response: VectorStoreFileBatch,
  },
  "POST /v1/vector_stores/:vectorStoreId/file_batches/:batchId/cancel": {
    ...writes,
    name: "cancelVectorStoreFileBatch",
    summary: "Cancel a batch of files",
    description: "Files that are not indexed yet are removed from the store.",
    params: batchParams,
    response: VectorStoreFileBatch,
  },
  "GET /v1/vector_stores/:vectorStoreId/file_batches/:batchId/files": {
    ...reads,
    name: "listVectorStoreBatchFiles",
    summary: "The files of a batch",
    params: batchParams,
    query: VectorStoreFileWindow,
    response: listOf(VectorStoreFile),
  },
});

/** OpenAI's vector stores over knowledge bases, so that its clients work unchanged. */
export const vectorStoresApi = defineApi({
  ...vectorStoreBasesApi,
  ...vectorStoreFilesApi,
  ...vectorStoreBatchesApi,
});

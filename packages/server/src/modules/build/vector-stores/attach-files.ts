import { FILE_PURPOSES_OF_STORES, type KnowledgeDocument, type VectorStoreFileInput } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { chunkingOf } from "./present.ts";
import type { VectorStoresDeps } from "./stores/deps.ts";

type Order = { readonly baseId: string; readonly inputs: readonly VectorStoreFileInput[] };

/** Throws if a file does not exist or has another purpose. */
export async function checkFiles(
  { files }: Pick<VectorStoresDeps, "files">,
  scope: Scope,
  fileIds: readonly string[],
): Promise<void> {
  for (const fileId of fileIds) {
    const { purpose } = await files.find(scope, fileId);
    if (!FILE_PURPOSES_OF_STORES.some((one) => one === purpose))
      throw new AppError("invalid_request", {
        message: `The file ${fileId} was uploaded with the purpose ${purpose}. Upload it again with the purpose assistants.`,
        details: { param: "file_id" },
      });
  }
}

/** Makes documents of uploaded files. Nothing is added if one of the files cannot be. */
export async function attachFiles(
  deps: Pick<VectorStoresDeps, "files" | "knowledge">,
  scope: Scope,
  { baseId, inputs }: Order,
): Promise<KnowledgeDocument[]> {
  const ids = inputs.map(({ file_id }) => file_id);
  await checkFiles(deps, scope, ids);
  const documents: KnowledgeDocument[] = [];
  // One after the other, so that only one file is in memory.
  for (const { file_id: fileId, attributes, chunking_strategy } of inputs) {
    const { name } = await deps.files.find(scope, fileId);
    const bytes = await deps.files.load(scope, fileId);
    const file = { fileId, name, bytes, metadata: attributes ?? {}, chunking: chunkingOf(chunking_strategy) };
    documents.push(await deps.knowledge.attachFile(scope, baseId, file));
  }
  return documents;
}

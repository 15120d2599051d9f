import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createBaseStore } from "../stores/base-store.ts";
import { createSourceStore, UPLOAD } from "../stores/source-store.ts";

export type SourcePlace = { readonly knowledgeBaseId: string; readonly sourceId: string };

/** A source and its base, locked until the transaction ends. Throws `not_found`, and `conflict` for uploads. */
export async function lockSynced(tx: Postgres, scope: Scope, { knowledgeBaseId, sourceId }: SourcePlace) {
  const base = await createBaseStore(tx).lockBase(scope.projectId, knowledgeBaseId);
  if (!base) throw notFound("knowledge base", knowledgeBaseId);
  const source = await createSourceStore(tx).lockSource(base.id, sourceId);
  if (!source) throw notFound("source", sourceId);
  if (source.kind === UPLOAD)
    throw new AppError("conflict", {
      message: "This is the source of uploaded files. It has no settings and no sync; change its documents instead.",
    });
  return { base, source };
}

import { notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { type BaseRow, createBaseStore } from "./stores/base-store.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import { createDocumentStore, type DocumentRow } from "./stores/document-store.ts";
import { createVersionStore, type VersionRow } from "./stores/version-store.ts";

type Db = Pick<KnowledgeDeps, "db">;

/** Throws `not_found`, also for a base of another project. */
export async function findBase({ db }: Db, scope: Scope, baseId: string): Promise<BaseRow> {
  const row = await createBaseStore(db).findBase(scope.projectId, baseId);
  if (!row) throw notFound("knowledge base", baseId);
  return row;
}

/** The same, and locks it until the transaction ends. */
export async function lockBase(tx: Postgres, scope: Scope, baseId: string): Promise<BaseRow> {
  const row = await createBaseStore(tx).lockBase(scope.projectId, baseId);
  if (!row) throw notFound("knowledge base", baseId);
  return row;
}

export async function findDocument({ db }: Db, baseId: string, documentId: string): Promise<DocumentRow> {
  const row = await createDocumentStore(db).findDocument(baseId, documentId);
  if (!row) throw notFound("document", documentId);
  return row;
}

export async function findVersion({ db }: Db, baseId: string, version: number): Promise<VersionRow> {
  const row = await createVersionStore(db).findVersion(baseId, version);
  if (!row) throw notFound("index version", String(version));
  return row;
}

import type { KnowledgeDocument, knowledgeApi, ParsedOf } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { findBase, lockBase } from "./find-base.ts";
import type { IndexJob } from "./indexing/index-job.ts";
import { presentDocument } from "./present-document.ts";
import { createBaseStore } from "./stores/base-store.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import { createDocumentStore } from "./stores/document-store.ts";
import { purgeDocument } from "./stores/purge-document.ts";

type Api = typeof knowledgeApi;
type Patch = ParsedOf<Api["PATCH /api/v1/knowledge/:knowledgeBaseId/documents/:documentId"]>["body"];
type Place = { readonly knowledgeBaseId: string; readonly documentId: string };

export const createDocumentChanges = (deps: KnowledgeDeps, job: IndexJob) => ({
  ...createUpdate(deps, job),
  ...createRetry(deps, job),
  ...createRelease(deps, job),
  ...createDeletion(deps, job),
});

function createUpdate(deps: KnowledgeDeps, job: IndexJob) {
  const { db, audit, clock } = deps;
  return {
    async updateDocument(scope: Scope, { knowledgeBaseId: baseId, documentId }: Place, patch: Patch) {
      const { title, ...access } = patch;
      await findBase(deps, scope, baseId);
      const row = await db.transaction(async (tx) => {
        const base = await lockBase(tx, scope, baseId);
        const named = title === undefined ? {} : { title, ownTitle: title };
        const changes = { ...access, ...named, updatedAt: new Date(clock.now()) };
        const updated = await createDocumentStore(tx).updateDocument(baseId, documentId, changes);
        if (!updated) throw notFound("document", documentId);
        await createBaseStore(tx).changeAccess(scope.projectId, baseId);
        if (title !== undefined) await job.send(tx, scope, { base, isUrgent: false });
        const details = { name: updated.key, fields: Object.keys(patch) };
        await audit.record(scope, { action: "knowledge-document.update", target: documentId, details }, tx);
        return updated;
      });
      return presentDocument(row);
    },
  };
}

function createRetry(deps: KnowledgeDeps, job: IndexJob) {
  const { db, clock } = deps;
  return {
    async retryDocument(scope: Scope, { knowledgeBaseId: baseId, documentId }: Place): Promise<KnowledgeDocument> {
      await findBase(deps, scope, baseId);
      const row = await db.transaction(async (tx) => {
        const base = await lockBase(tx, scope, baseId);
        const changes = { state: "waiting" as const, error: null, updatedAt: new Date(clock.now()) };
        const updated = await createDocumentStore(tx).updateDocument(baseId, documentId, changes);
        if (!updated) throw notFound("document", documentId);
        await job.send(tx, scope, { base, isUrgent: true });
        return updated;
      });
      return presentDocument(row);
    },
  };
}

function createRelease(deps: KnowledgeDeps, job: IndexJob) {
  const { db, audit, clock } = deps;
  return {
    /** Its text was parsed before the checks, so it is indexed next. */
    async releaseDocument(scope: Scope, { knowledgeBaseId: baseId, documentId }: Place): Promise<KnowledgeDocument> {
      await findBase(deps, scope, baseId);
      const row = await db.transaction(async (tx) => {
        const base = await lockBase(tx, scope, baseId);
        const store = createDocumentStore(tx);
        const found = await store.findDocument(baseId, documentId);
        if (!found) throw notFound("document", documentId);
        if (found.quarantinedAt === null)
          throw new AppError("conflict", { message: `${found.title} is not in quarantine.` });
        const state = found.state === "quarantined" ? ("parsed" as const) : found.state;
        const free = { state, error: null, quarantinedAt: null, releasedHash: found.contentHash };
        const updated = await store.updateDocument(baseId, documentId, { ...free, updatedAt: new Date(clock.now()) });
        if (!updated) throw notFound("document", documentId);
        await createBaseStore(tx).changeAccess(scope.projectId, baseId);
        await job.send(tx, scope, { base, isUrgent: true });
        const details = { name: found.key, contentHash: found.contentHash };
        await audit.record(scope, { action: "knowledge-document.release", target: documentId, details }, tx);
        return updated;
      });
      return presentDocument(row);
    },
  };
}

function createDeletion(deps: KnowledgeDeps, job: IndexJob) {
  const { db, audit, clock } = deps;
  return {
    /** Its text and its vectors are gone when this returns. */
    async deleteDocument(scope: Scope, { knowledgeBaseId: baseId, documentId }: Place): Promise<void> {
      await findBase(deps, scope, baseId);
      const document = await db.transaction(async (tx) => {
        const base = await lockBase(tx, scope, baseId);
        const row = await createDocumentStore(tx).buryDocument(baseId, documentId, new Date(clock.now()));
        if (!row) throw notFound("document", documentId);
        await createBaseStore(tx).changeAccess(scope.projectId, baseId);
        await job.send(tx, scope, { base, isUrgent: false });
        const details = { name: row.key, base: base.name };
        await audit.record(scope, { action: "knowledge-document.delete", target: documentId, details }, tx);
        return row;
      });
      // If this is stopped, the job does it.
      await purgeDocument(deps, document);
      await deps.searchThread.ask("forget", { documentId });
    },
  };
}

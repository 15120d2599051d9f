import type {
  KnowledgeBase,
  KnowledgeBaseInput,
  KnowledgeBasePatch,
  KnowledgeReading,
  knowledgeApi,
  ParsedOf,
} from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { findBase } from "./find-base.ts";
import { type BaseRow, createBaseStore } from "./stores/base-store.ts";
import { createBlobs } from "./stores/blobs.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import { createDocumentStore } from "./stores/document-store.ts";
import { removeLinks } from "./stores/index-folder.ts";
import { createObjectStore } from "./stores/object-store.ts";
import { createVersionStore } from "./stores/version-store.ts";
import { takeWindow, type Window } from "./stores/window-store.ts";

type Query = ParsedOf<(typeof knowledgeApi)["GET /api/v1/knowledge"]>["query"];

const MOST_BASES = 200;

export const createBases = (deps: KnowledgeDeps) => ({
  ...createReads(deps),
  ...createCreation(deps),
  ...createChanges(deps),
  ...createDeletion(deps),
});

function createReads(deps: KnowledgeDeps) {
  return {
    async list(scope: Scope, { limit, cursor, search }: Query) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createBaseStore(deps.db).listBases(scope.projectId, { limit: limit + 1, before, search });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { ...page, items: await presentBases(deps, scope, page.items) };
    },

    /** The bases between two of them. */
    async listWindow(scope: Scope, window: Window) {
      const rows = await createBaseStore(deps.db).listWindow(scope.projectId, window);
      const { items, hasMore } = takeWindow(rows, window);
      return { items: await presentBases(deps, scope, items), hasMore };
    },

    get: async (scope: Scope, baseId: string): Promise<KnowledgeBase> =>
      presentBase(deps, scope, await findBase(deps, scope, baseId)),
  };
}

function createCreation(deps: KnowledgeDeps) {
  const { db, audit, clock, embedding } = deps;
  return {
    async create(scope: Scope, input: KnowledgeBaseInput): Promise<KnowledgeBase> {
      await embedding.prepare(scope, input.indexing.embeddingModel);
      await checkGuardPolicy(deps, scope, input.reading);
      const row = newBase(scope, input, new Date(clock.now()));
      await db.transaction(async (tx) => {
        const store = createBaseStore(tx);
        if (await store.isNameTaken(scope.projectId, row.name)) throw nameTaken(row.name);
        if ((await store.countBases(scope.projectId)) >= MOST_BASES)
          throw new AppError("unprocessable", {
            message: `A project has at most ${MOST_BASES} knowledge bases. Delete one first.`,
          });
        await store.createBase(row);
        const details = { name: row.name };
        await audit.record(scope, { action: "knowledge-base.create", target: row.id, details }, tx);
      });
      return presentBase(deps, scope, row);
    },
  };
}

const newBase = ({ projectId, actor }: Scope, input: KnowledgeBaseInput, now: Date): BaseRow => ({
  id: newId("kb", now.getTime()),
  projectId,
  ...input,
  liveVersion: null,
  accessRevision: 0,
  builds: 0,
  jobId: null,
  createdBy: actor,
  createdAt: now,
  updatedAt: now,
});

function createChanges(deps: KnowledgeDeps) {
  const { db, audit, clock, embedding } = deps;
  return {
    async update(scope: Scope, baseId: string, patch: KnowledgeBasePatch): Promise<KnowledgeBase> {
      const base = await findBase(deps, scope, baseId);
      if (patch.indexing) await embedding.prepare(scope, patch.indexing.embeddingModel);
      if (patch.reading) await checkGuardPolicy(deps, scope, patch.reading);
      const row = await db.transaction(async (tx) => {
        const store = createBaseStore(tx);
        const isRenamed = patch.name !== undefined && patch.name !== base.name;
        if (isRenamed && (await store.isNameTaken(scope.projectId, patch.name ?? "")))
          throw nameTaken(patch.name ?? "");
        const updated = await store.updateBase(scope.projectId, baseId, { ...patch, updatedAt: new Date(clock.now()) });
        if (!updated) throw notFound("knowledge base", baseId);
        const details = { name: updated.name, fields: Object.keys(patch) };
        await audit.record(scope, { action: "knowledge-base.update", target: baseId, details }, tx);
        return updated;
      });
      return presentBase(deps, scope, row);
    },
  };
}

function createDeletion(deps: KnowledgeDeps) {
  const { db, audit } = deps;
  return {
    /** Its index job ends by itself, since it no longer finds the base. */
    async delete(scope: Scope, baseId: string): Promise<void> {
      await findBase(deps, scope, baseId);
      const objects = await db.transaction(async (tx) => {
        const owned = await createObjectStore(tx).listObjects(baseId);
        const row = await createBaseStore(tx).deleteBase(scope.projectId, baseId);
        if (!row) throw notFound("knowledge base", baseId);
        const details = { name: row.name };
        await audit.record(scope, { action: "knowledge-base.delete", target: baseId, details }, tx);
        return owned;
      });
      const blobs = createBlobs(deps.objects);
      for (const object of objects) await blobs.delete(object);
      await removeLinks(deps, baseId);
      await deps.searchThread.ask("forget", { baseId });
    },
  };
}

async function checkGuardPolicy({ guards }: KnowledgeDeps, scope: Scope, { guardPolicyId }: KnowledgeReading) {
  if (guardPolicyId !== null) await guards.get(scope, guardPolicyId);
}

const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `A knowledge base named "${name}" exists already. Choose another name.`,
    details: { param: "name" },
  });

export async function presentBase(deps: KnowledgeDeps, scope: Scope, row: BaseRow): Promise<KnowledgeBase> {
  const [base] = await presentBases(deps, scope, [row]);
  if (!base) throw notFound("knowledge base", row.id);
  return base;
}

/** Bases with the numbers of their documents, and their last job. */
async function presentBases(deps: KnowledgeDeps, scope: Scope, rows: readonly BaseRow[]): Promise<KnowledgeBase[]> {
  const ids = rows.map(({ id }) => id);
  const states = await createDocumentStore(deps.db).countStates(ids);
  const latest = await createVersionStore(deps.db).listLatest(ids);
  return Promise.all(
    rows.map(async ({ id, projectId: _, accessRevision: _revision, builds: _builds, jobId, ...row }) => {
      const counts = states.filter(({ baseId }) => baseId === id);
      const live =
        row.liveVersion === null ? undefined : await createVersionStore(deps.db).findVersion(id, row.liveVersion);
      return {
        knowledgeBaseId: id,
        ...row,
        latestVersion: latest.get(id) ?? null,
        documents: counts.reduce((sum, { count }) => sum + count, 0),
        sizeBytes: counts.reduce((sum, { bytes }) => sum + bytes, 0),
        chunks: live?.counts.chunks ?? 0,
        states: Object.fromEntries(counts.map(({ state, count }) => [state, count])),
        job: await openJob(deps, scope, jobId),
        createdAt: row.createdAt.toISOString(),
        updatedAt: row.updatedAt.toISOString(),
      };
    }),
  );
}

/** A job that has not succeeded. */
async function openJob({ jobs }: KnowledgeDeps, scope: Scope, jobId: string | null): Promise<KnowledgeBase["job"]> {
  if (jobId === null) return null;
  const job = await jobs.get(scope, jobId).catch((error) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  return job && job.status !== "done" ? { jobId, state: job.status } : null;
}

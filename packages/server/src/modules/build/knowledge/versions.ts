import type { KnowledgeBase, KnowledgeComparison, KnowledgeVersion, knowledgeApi, ParsedOf } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { presentBase } from "./bases.ts";
import { findBase, findVersion, lockBase } from "./find-base.ts";
import type { IndexJob } from "./indexing/index-job.ts";
import { type BaseRow, createBaseStore } from "./stores/base-store.ts";
import { type Blobs, createBlobs } from "./stores/blobs.ts";
import type { KnowledgeDeps } from "./stores/deps.ts";
import { type ManifestDocument, readManifest } from "./stores/manifest.ts";
import { readSegmentMeta } from "./stores/read-segment.ts";
import { createVersionStore, type VersionRow } from "./stores/version-store.ts";

type Api = typeof knowledgeApi;
type Query = ParsedOf<Api["GET /api/v1/knowledge/:knowledgeBaseId/versions"]>["query"];
type Range = ParsedOf<Api["GET /api/v1/knowledge/:knowledgeBaseId/versions/compare"]>["query"];
type Place = { readonly knowledgeBaseId: string; readonly version: number };

const MOST_COMPARED = 500;

export const createVersions = (deps: KnowledgeDeps, job: IndexJob) => ({
  ...createReads(deps),
  ...createChanges(deps, job),
  ...createComparison(deps),
});

function createReads(deps: KnowledgeDeps) {
  return {
    async listVersions(scope: Scope, baseId: string, { limit, cursor }: Query) {
      const base = await findBase(deps, scope, baseId);
      const below = cursor === undefined ? null : Number(fromCursor(cursor, 1)[0]);
      const rows = await createVersionStore(deps.db).listVersions(baseId, { limit: limit + 1, below });
      const page = toPage(rows, limit, ({ version }) => [version]);
      return { ...page, items: page.items.map((row) => presentVersion(base, row)) };
    },

    async getVersion(scope: Scope, { knowledgeBaseId, version }: Place): Promise<KnowledgeVersion> {
      const base = await findBase(deps, scope, knowledgeBaseId);
      return presentVersion(base, await findVersion(deps, knowledgeBaseId, version));
    },
  };
}

function createChanges(deps: KnowledgeDeps, job: IndexJob) {
  const { db, audit } = deps;
  return {
    async build(scope: Scope, baseId: string): Promise<KnowledgeBase> {
      const row = await db.transaction(async (tx) => {
        const base = await lockBase(tx, scope, baseId);
        return { ...base, jobId: await job.send(tx, scope, base, true) };
      });
      return presentBase(deps, scope, row);
    },

    /** One write: searches that have begun end with the version they began with. */
    async setLive(scope: Scope, { knowledgeBaseId: baseId, version }: Place): Promise<KnowledgeVersion> {
      return db.transaction(async (tx) => {
        const base = await lockBase(tx, scope, baseId);
        const row = await findVersion({ db: tx }, baseId, version);
        if (row.state === "pruned")
          throw new AppError("conflict", {
            message: `Version ${version} was pruned, so it has no chunks any more. Choose another version, or build a new one.`,
          });
        const liveVersion = version;
        await createBaseStore(tx).updateBase(scope.projectId, baseId, { liveVersion });
        const details = { name: base.name, from: base.liveVersion, to: version };
        await audit.record(scope, { action: "knowledge-version.live", target: baseId, details }, tx);
        return presentVersion({ ...base, liveVersion }, row);
      });
    },
  };
}

function createComparison(deps: KnowledgeDeps) {
  const { db, objects } = deps;
  return {
    async compareVersions(scope: Scope, baseId: string, { from, to }: Range): Promise<KnowledgeComparison> {
      await findBase(deps, scope, baseId);
      const blobs = createBlobs(objects);
      const read = async (version: number) =>
        (await readManifest(blobs, (await findVersion({ db }, baseId, version)).manifestObject)).documents;
      const [before, after] = [await read(from), await read(to)];
      const changes = await compareDocuments(blobs, before, after);
      const sum = (of: "chunksAdded" | "chunksRemoved") => changes.reduce((total, change) => total + change[of], 0);
      const [chunksAdded, chunksRemoved] = [sum("chunksAdded"), sum("chunksRemoved")];
      const chunksShared = after.reduce((total, { chunks }) => total + chunks, 0) - chunksAdded;
      const documents = changes.slice(0, MOST_COMPARED);
      return { from, to, chunksAdded, chunksRemoved, chunksShared, documents, documentsTotal: changes.length };
    },
  };
}

type Change = KnowledgeComparison["documents"][number];

async function compareDocuments(
  blobs: Blobs,
  before: readonly ManifestDocument[],
  after: readonly ManifestDocument[],
): Promise<Change[]> {
  const old = new Map(before.map((document) => [document.documentId, document]));
  const changes: Change[] = [];
  for (const document of after) {
    const earlier = old.get(document.documentId);
    old.delete(document.documentId);
    if (earlier?.segmentHash === document.segmentHash) continue;
    const { documentId, title } = document;
    const change = earlier ? "changed" : "added";
    changes.push({ documentId, title, change, ...(await compareChunks(blobs, earlier, document)) });
  }
  for (const { documentId, title, chunks } of old.values())
    changes.push({ documentId, title, change: "removed", chunksAdded: 0, chunksRemoved: chunks });
  return changes;
}

async function compareChunks(blobs: Blobs, before: ManifestDocument | undefined, after: ManifestDocument) {
  if (!before) return { chunksAdded: after.chunks, chunksRemoved: 0 };
  const [old, now] = [await chunkIdsOf(blobs, before), await chunkIdsOf(blobs, after)];
  // The segment of a deleted document is gone.
  if (!old || !now) return { chunksAdded: 0, chunksRemoved: 0 };
  return { chunksAdded: now.difference(old).size, chunksRemoved: old.difference(now).size };
}

async function chunkIdsOf(blobs: Blobs, { segmentObject }: ManifestDocument): Promise<Set<string> | null> {
  const read = await readSegmentMeta(blobs, segmentObject).catch((error) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  return read && new Set(read.meta.chunks.map(({ id, embeddedHash }) => `${id} ${embeddedHash}`));
}

const presentVersion = ({ liveVersion }: Pick<BaseRow, "liveVersion">, row: VersionRow): KnowledgeVersion => ({
  version: row.version,
  state: row.state,
  isLive: row.version === liveVersion,
  contentHash: row.contentHash,
  indexing: row.indexing,
  embedder: row.embedder,
  ...row.counts,
  jobId: row.jobId,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
});

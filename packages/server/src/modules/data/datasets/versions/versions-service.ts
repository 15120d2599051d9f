import type { ChangeCounts, DatasetStats, DatasetVersion } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Differ } from "../chunks/diff-manifests.ts";
import { EMPTY_MANIFEST, type Manifest, type Manifests } from "../chunks/manifest.ts";
import { type DraftDeps, type Drafts, type On, toStep } from "../drafts/drafts-service.ts";
import { checkRevision } from "../drafts/push-step.ts";
import { createBranchStore } from "../stores/branch-store.ts";
import { createChunkIndexStore } from "../stores/chunk-index-store.ts";
import { createDatasetStore } from "../stores/store.ts";
import { createTagStore } from "../stores/tag-store.ts";
import { createVersionStore, type VersionRow, type Which } from "../stores/version-store.ts";
import { toVersionSummary } from "./tags-service.ts";
import type { VersionWriter } from "./write-version.ts";

type Deps = Pick<DraftDeps, "db" | "places" | "namesOf"> & {
  readonly manifests: Manifests;
  readonly drafts: Drafts;
  readonly writer: VersionWriter;
  readonly diff: Differ;
};

async function describeVersion(
  { db, manifests, namesOf }: Pick<Deps, "db" | "manifests" | "namesOf">,
  scope: Scope,
  row: VersionRow,
): Promise<DatasetVersion> {
  const tags = await createTagStore(db).list(row);
  const authors = row.steps.map(({ author }) => author);
  const names = await namesOf(scope.projectId, [row.author, ...authors]);
  const { chunks } = await manifests.read(row.manifestSha);
  const late = await createChunkIndexStore(db).listUnindexed(
    scope.projectId,
    chunks.map(({ object }) => object),
  );
  const { rows: _, ...summary } = toVersionSummary(row, names, tags);
  return {
    ...summary,
    stats: row.stats,
    steps: row.steps.map((step) => ({ ...step, author: names.get(step.author) ?? step.author })),
    indexedRows: chunks.reduce((sum, { object, rows }) => sum + (late.has(object) ? 0 : rows), 0),
  };
}

/** Versions: what a draft becomes when it is named, and never changes afterwards. */
export function createVersions({ db, manifests, places, drafts, writer, diff, namesOf }: Deps) {
  const store = createVersionStore(db);

  async function get(scope: Scope, datasetId: string, at: string): Promise<DatasetVersion> {
    const { version } = await places.open(scope, { datasetId, at });
    if (!version) throw noVersionYet(at);
    return describeVersion({ db, manifests, namesOf }, scope, version);
  }

  return {
    get,
    async list(scope: Scope, datasetId: string, query: { limit: number; cursor?: string; branch?: string }) {
      const which: Which = { projectId: scope.projectId, datasetId };
      await places.branchOf(scope, datasetId, "main");
      const { items, nextCursor } = await store.list(which, query);
      const tags = await createTagStore(db).list(which);
      const names = await namesOf(
        scope.projectId,
        items.map(({ author }) => author),
      );
      return { items: items.map((row) => toVersionSummary(row, names, tags)), nextCursor };
    },

    async stats(scope: Scope, datasetId: string, at: string): Promise<DatasetStats> {
      const { version, manifest } = await places.open(scope, { datasetId, at });
      return version ? version.stats : writer.statsOf(scope, manifest);
    },

    async commit(scope: Scope, on: On, message: string): Promise<DatasetVersion> {
      const { branch, manifest } = await places.head(scope, on.datasetId, on.branch);
      checkRevision(on, branch);
      const parent = branch.head === null ? null : await places.versionOf(scope, on.datasetId, branch.head);
      if (branch.applied === 0 || manifest.root === (parent?.root ?? EMPTY_MANIFEST.root))
        throw nothingToCommit(parent);
      const dataset = await createDatasetStore(db).find(scope.projectId, on.datasetId);
      const before = parent ? await manifests.read(parent.manifestSha) : EMPTY_MANIFEST;
      if (dataset) await writer.checkItems(dataset.schema, manifest, before);
      const place = { projectId: scope.projectId, datasetId: on.datasetId, branch: on.branch };
      const steps = (await createBranchStore(db).listSteps(place)).slice(0, branch.applied);
      const number = await writer.create(scope, on.datasetId, {
        branch: on.branch,
        revision: branch.revision,
        manifest,
        parent: branch.head,
        mergedFrom: null,
        message,
        stats: await writer.statsOf(scope, manifest),
        steps: steps.map((step) => toStep(step, new Map())),
      });
      return get(scope, on.datasetId, String(number));
    },

    /** As a step of the draft, so that a restored version can be checked, and undone, before it is committed. */
    async restore(scope: Scope, on: On, at: string) {
      const { manifest, label, version } = await places.open(scope, { datasetId: on.datasetId, at });
      if (!version) throw noVersionYet(at);
      return drafts.change(scope, on, async (head) => {
        if (head.manifest.root === manifest.root) return null;
        const counts = await countChanges(diff, head.manifest, manifest);
        return { manifest, step: { kind: "restore", summary: `Restored ${label}`, counts, recipe: null } };
      });
    },
  };
}
export type Versions = ReturnType<typeof createVersions>;

/** For two versions that are too different to compare: the removed items and the added items. */
async function countChanges(diff: Differ, from: Manifest, to: Manifest): Promise<ChangeCounts> {
  try {
    return (await diff(from, to)).counts;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { added: to.rows, removed: from.rows, changed: 0 };
  }
}

const nothingToCommit = (parent: VersionRow | null) =>
  new AppError("unprocessable", {
    message: parent
      ? `The draft has the same items as version ${parent.number}, so there is nothing to commit.`
      : "The draft is empty. Add or import items first.",
  });

const noVersionYet = (at: string) =>
  new AppError("not_found", {
    message: `\`${at.slice(0, 100)}\` is not a version yet. Commit the draft first, or read it as \`draft\`.`,
    details: { kind: "version", id: at },
  });

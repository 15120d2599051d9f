import {
  type DatasetSchema,
  type DatasetStats,
  type DatasetVersion,
  type DatasetVersionSummary,
  type DraftStep,
  MAIN_BRANCH,
} from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Objects } from "../../platform/objects/port.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createBranchStore } from "./branch-store.ts";
import { breaksSchema, createItemCheck, hasSchema } from "./check-schema.ts";
import { readChunkRows } from "./chunk-files.ts";
import { mergeStats } from "./chunk-stats.ts";
import { createChunkStore } from "./chunk-store.ts";
import { checkRevision, type DraftDeps, type Drafts, movedOn, type On, toStep } from "./drafts-service.ts";
import { EMPTY_MANIFEST, type Manifest, type Manifests } from "./manifest.ts";
import { createDatasetStore } from "./store.ts";
import { createVersionStore, type VersionRow, type VersionSummaryRow, type Which } from "./version-store.ts";

type Deps = DraftDeps & {
  readonly manifests: Manifests;
  readonly objects: Objects;
  readonly drafts: Drafts;
  /** Hears within the transaction that the items of a dataset that is marked as evaluation are others now. */
  readonly onMarked: (scope: Scope, dataset: { datasetId: string; name: string }, tx: Postgres) => Promise<unknown>;
};
type NewVersion = {
  readonly branch: string;
  /** The branch's revision: nothing may have come between. */
  readonly revision: number;
  readonly manifest: Manifest;
  readonly parent: number | null;
  readonly mergedFrom: number | null;
  readonly message: string;
  readonly stats: DatasetStats;
  readonly steps: readonly DraftStep[];
};

/** Versions: what a draft becomes when it is named, and never changes afterwards. */
export function createVersions(deps: Deps) {
  const { db, objects, manifests, places, drafts, audit, clock, namesOf, sendIndexing, onMarked } = deps;
  const store = createVersionStore(db);

  async function statsOf(scope: Scope, { chunks, rows }: Manifest): Promise<DatasetStats> {
    const objectsOf = chunks.map(({ object }) => object);
    const found = await createChunkStore(db).findStats(scope.projectId, objectsOf);
    const all = objectsOf.flatMap((object) => found.get(object) ?? []);
    return mergeStats(all, { rows, bytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0) });
  }

  /** Only what the version before had not is looked at. Throws `unprocessable` at the first item that breaks the schema. */
  async function checkItems(schema: DatasetSchema, manifest: Manifest, before: Manifest): Promise<void> {
    if (!hasSchema(schema)) return;
    const known = new Set(before.chunks.map(({ hash }) => hash));
    const check = createItemCheck(schema);
    for (const { hash, object } of manifest.chunks)
      for (const { item } of known.has(hash) ? [] : await readChunkRows(objects, object)) {
        const problem = check(item);
        if (problem) throw breaksSchema(item, problem);
      }
  }

  /** Writes the version and moves its branch to it, both or neither. */
  async function create(scope: Scope, datasetId: string, input: NewVersion): Promise<number> {
    const which = { projectId: scope.projectId, datasetId };
    const now = new Date(clock.now());
    const { revision, manifest, steps, ...facts } = input;
    return db.transaction(async (tx) => {
      if (!(await createDatasetStore(tx).lock(scope.projectId, datasetId))) throw notFound("dataset", datasetId);
      const number = await createVersionStore(tx).nextNumber(which);
      const inside = createBranchStore(tx);
      const place = { ...which, branch: input.branch };
      const moved = await inside.move(place, { revision, applied: 0, head: number, updatedAt: now });
      if (!moved) throw movedOn(input.branch, await inside.find(place), revision);
      await inside.deleteStepsAfter(place, 0);
      await createVersionStore(tx).create({
        ...which,
        number,
        ...facts,
        root: manifest.root,
        manifestSha: manifest.sha,
        rows: manifest.rows,
        author: scope.actor,
        createdAt: now,
        steps: [...steps],
      });
      await createDatasetStore(tx).update(scope.projectId, datasetId, { updatedAt: now });
      const details = { version: number, branch: input.branch, root: manifest.root, rows: manifest.rows };
      await audit.record(scope, { action: "dataset.commit", target: datasetId, details }, tx);
      await sendIndexing(scope, tx);
      const dataset = await createDatasetStore(tx).find(scope.projectId, datasetId);
      if (dataset?.isEvaluation && input.branch === MAIN_BRANCH)
        await onMarked(scope, { datasetId, name: dataset.name }, tx);
      return number;
    });
  }

  async function describe(scope: Scope, row: VersionRow): Promise<DatasetVersion> {
    const tags = await tagsOf(scope, row.datasetId);
    const authors = row.steps.map(({ author }) => author);
    const names = await namesOf(scope.projectId, [row.author, ...authors]);
    const { chunks } = await manifests.read(row.manifestSha);
    const late = await createChunkStore(db).listUnindexed(
      scope.projectId,
      chunks.map(({ object }) => object),
    );
    const { rows: _, ...summary } = toSummary(row, names, tags);
    return {
      ...summary,
      stats: row.stats,
      steps: row.steps.map((step) => ({ ...step, author: names.get(step.author) ?? step.author })),
      indexedRows: chunks.reduce((sum, { object, rows }) => sum + (late.has(object) ? 0 : rows), 0),
    };
  }
  const tagsOf = (scope: Scope, datasetId: string) => store.listTags({ projectId: scope.projectId, datasetId });

  async function get(scope: Scope, datasetId: string, at: string): Promise<DatasetVersion> {
    const { version } = await places.open(scope, { datasetId, at });
    if (!version) throw noVersionYet(at);
    return describe(scope, version);
  }

  return {
    get,
    create,
    statsOf,
    checkItems,
    async list(scope: Scope, datasetId: string, query: { limit: number; cursor?: string; branch?: string }) {
      const which: Which = { projectId: scope.projectId, datasetId };
      await places.branchOf(scope, datasetId, "main");
      const { items, nextCursor } = await store.list(which, query);
      const tags = await store.listTags(which);
      const names = await namesOf(
        scope.projectId,
        items.map(({ author }) => author),
      );
      return { items: items.map((row) => toSummary(row, names, tags)), nextCursor };
    },

    async stats(scope: Scope, datasetId: string, at: string): Promise<DatasetStats> {
      const { version, manifest } = await places.open(scope, { datasetId, at });
      return version ? version.stats : statsOf(scope, manifest);
    },

    async commit(scope: Scope, on: On, message: string): Promise<DatasetVersion> {
      const { branch, manifest } = await places.head(scope, on.datasetId, on.branch);
      checkRevision(on, branch);
      const parent = branch.head === null ? null : await places.versionOf(scope, on.datasetId, branch.head);
      if (branch.applied === 0 || manifest.root === (parent?.root ?? EMPTY_MANIFEST.root))
        throw nothingToCommit(parent);
      const dataset = await createDatasetStore(db).find(scope.projectId, on.datasetId);
      const before = parent ? await manifests.read(parent.manifestSha) : EMPTY_MANIFEST;
      if (dataset) await checkItems(dataset.schema, manifest, before);
      const place = { projectId: scope.projectId, datasetId: on.datasetId, branch: on.branch };
      const steps = (await createBranchStore(db).listSteps(place)).slice(0, branch.applied);
      const number = await create(scope, on.datasetId, {
        branch: on.branch,
        revision: branch.revision,
        manifest,
        parent: branch.head,
        mergedFrom: null,
        message,
        stats: await statsOf(scope, manifest),
        steps: steps.map((step) => toStep(step, new Map())),
      });
      return get(scope, on.datasetId, String(number));
    },

    /** As a step of the draft: a restored version can be looked at, and undone, before it is committed. */
    async restore(scope: Scope, on: On, at: string) {
      const { manifest, label, version } = await places.open(scope, { datasetId: on.datasetId, at });
      if (!version) throw noVersionYet(at);
      return drafts.change(scope, on, async (head) => {
        if (head.manifest.root === manifest.root) return null;
        const counts = { added: manifest.rows, removed: head.manifest.rows, changed: 0 };
        return { manifest, step: { kind: "restore", summary: `Restored ${label}`, counts, recipe: null } };
      });
    },

    async tag(
      scope: Scope,
      datasetId: string,
      { tag, version }: { tag: string; version: number },
    ): Promise<DatasetVersionSummary> {
      const which = { projectId: scope.projectId, datasetId };
      const row = await places.versionOf(scope, datasetId, version);
      if (await createBranchStore(db).find({ ...which, branch: tag }))
        throw new AppError("conflict", { message: `"${tag}" is the name of a branch. Take another name for the tag.` });
      await db.transaction(async (tx) => {
        await createVersionStore(tx).saveTag(which, tag, version);
        await audit.record(scope, { action: "dataset.tag", target: datasetId, details: { tag, version } }, tx);
      });
      return toSummary(row, await namesOf(scope.projectId, [row.author]), await tagsOf(scope, datasetId));
    },

    async untag(scope: Scope, datasetId: string, tag: string): Promise<void> {
      await db.transaction(async (tx) => {
        const isGone = await createVersionStore(tx).deleteTag({ projectId: scope.projectId, datasetId }, tag);
        if (!isGone) throw notFound("tag", tag);
        await audit.record(scope, { action: "dataset.untag", target: datasetId, details: { tag } }, tx);
      });
    },
  };
}
export type Versions = ReturnType<typeof createVersions>;

type Tags = readonly { readonly name: string; readonly number: number }[];

const toSummary = (row: VersionSummaryRow, names: ReadonlyMap<string, string>, tags: Tags): DatasetVersionSummary => ({
  number: row.number,
  root: row.root,
  branch: row.branch,
  parent: row.parent,
  mergedFrom: row.mergedFrom,
  message: row.message,
  author: names.get(row.author) ?? row.author,
  createdAt: row.createdAt.toISOString(),
  tags: tags.filter(({ number }) => number === row.number).map(({ name }) => name),
  rows: row.rows,
});

const nothingToCommit = (parent: VersionRow | null) =>
  new AppError("unprocessable", {
    message: parent
      ? `The draft has the same items as version ${parent.number}, so there is nothing to commit.`
      : "The draft is empty. Add or import items first.",
  });

const noVersionYet = (at: string) =>
  new AppError("not_found", {
    message: `\`${at.slice(0, 100)}\` is no version yet. Commit the draft first, or read it as \`draft\`.`,
    details: { kind: "version", id: at },
  });

import { randomBytes } from "node:crypto";
import { type Dataset, type DatasetInput, type DatasetPatch, MAIN_BRANCH } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { EMPTY_MANIFEST } from "./chunks/manifest.ts";
import type { DraftDeps } from "./drafts/drafts-service.ts";
import { createItemCheck } from "./items/check-schema.ts";
import { createBranchStore } from "./stores/branch-store.ts";
import { createDatasetStore, type DatasetFacts } from "./stores/store.ts";
import type { EvaluationWatch, VersionWriter } from "./versions/write-version.ts";

type Deps = DraftDeps &
  Pick<EvaluationWatch, "onMarked"> & {
    readonly writer: VersionWriter;
    readonly sendSweep: (scope: Scope, tx: Postgres) => Promise<unknown>;
  };
type ListQuery = {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly search: string;
  readonly name?: string | undefined;
  readonly isEvaluation?: boolean | undefined;
};
const MOST_DATASETS = 10_000;

/** The datasets of a project, without what is in them. */
export function createDatasetList({ db, places, writer, audit, clock, namesOf, onMarked, sendSweep }: Deps) {
  const store = createDatasetStore(db);

  async function find(scope: Scope, datasetId: string): Promise<DatasetFacts> {
    const row = await store.find(scope.projectId, datasetId);
    if (!row) throw notFound("dataset", datasetId);
    return row;
  }
  async function describe(scope: Scope, row: DatasetFacts): Promise<Dataset> {
    return toDataset(row, await namesOf(scope.projectId, [row.createdBy]));
  }
  async function list(scope: Scope, query: ListQuery) {
    const { items, nextCursor } = await store.list(scope.projectId, query);
    const names = await namesOf(
      scope.projectId,
      items.map(({ createdBy }) => createdBy),
    );
    return { items: items.map((row) => toDataset(row, names)), nextCursor };
  }

  return {
    list,
    find,
    get: async (scope: Scope, datasetId: string): Promise<Dataset> => describe(scope, await find(scope, datasetId)),

    listAll: (scope: Scope): Promise<Dataset[]> => collect((cursor) => list(scope, { limit: 200, search: "", cursor })),

    async create(scope: Scope, input: DatasetInput): Promise<Dataset> {
      createItemCheck(input.schema);
      const now = clock.now();
      const at = new Date(now);
      const datasetId = newId("ds", now);
      const by = { createdBy: scope.actor, createdAt: at, updatedAt: at };
      const which = { projectId: scope.projectId, datasetId };
      await db.transaction(async (tx) => {
        const inside = createDatasetStore(tx);
        if ((await inside.count(scope.projectId)) >= MOST_DATASETS)
          throw new AppError("unprocessable", {
            message: `A project has at most ${MOST_DATASETS} datasets. Delete a dataset first.`,
          });
        const secret = randomBytes(32).toString("hex");
        if (!(await inside.create({ id: datasetId, projectId: scope.projectId, ...input, secret, ...by })))
          throw nameTaken(input.name);
        const main = { ...which, name: MAIN_BRANCH, head: null, base: null, revision: 0, applied: 0, ...by };
        await createBranchStore(tx).create(main);
        await sendSweep(scope, tx);
        await audit.record(scope, { action: "dataset.create", target: datasetId, details: { name: input.name } }, tx);
        if (input.isEvaluation) await onMarked(scope, { datasetId, name: input.name }, tx);
      });
      return describe(scope, await find(scope, datasetId));
    },

    /** A schema holds for what is there: main's items are looked through before it is taken. */
    async update(scope: Scope, datasetId: string, patch: DatasetPatch): Promise<Dataset> {
      const before = await find(scope, datasetId);
      if (patch.schema) {
        const { manifest } = await places.open(scope, { datasetId, at: MAIN_BRANCH });
        await writer.checkItems(patch.schema, manifest, EMPTY_MANIFEST);
      }
      await db.transaction(async (tx) => {
        const inside = createDatasetStore(tx);
        if (patch.name !== undefined && (await inside.isNameTaken(scope.projectId, patch.name, datasetId)))
          throw nameTaken(patch.name);
        await inside.update(scope.projectId, datasetId, { ...definedOf(patch), updatedAt: new Date(clock.now()) });
        const details = { name: patch.name ?? before.name, fields: Object.keys(patch) };
        await audit.record(scope, { action: "dataset.update", target: datasetId, details }, tx);
        if (patch.isEvaluation && !before.isEvaluation)
          await onMarked(scope, { datasetId, name: patch.name ?? before.name }, tx);
      });
      return describe(scope, await find(scope, datasetId));
    },

    async delete(scope: Scope, datasetId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const name = await createDatasetStore(tx).delete(scope.projectId, datasetId);
        if (name === undefined) throw notFound("dataset", datasetId);
        await audit.record(scope, { action: "dataset.delete", target: datasetId, details: { name } }, tx);
      });
    },
  };
}

const definedOf = ({ name, description, isEvaluation, schema }: DatasetPatch) => ({
  ...(name !== undefined && { name }),
  ...(description !== undefined && { description }),
  ...(isEvaluation !== undefined && { isEvaluation }),
  ...(schema !== undefined && { schema }),
});

const toDataset = (row: DatasetFacts, names: ReadonlyMap<string, string>): Dataset => ({
  datasetId: row.id,
  name: row.name,
  description: row.description,
  isEvaluation: row.isEvaluation,
  schema: row.schema,
  rows: (row.head === null ? row.draftRows : row.headRows) ?? 0,
  latestVersion: row.head,
  branches: row.branches,
  versions: row.versions,
  hasDraft: row.applied > 0,
  createdBy: names.get(row.createdBy) ?? row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `There is already a dataset "${name}". Choose another name.`,
    details: { name },
  });

type Page = { readonly items: readonly Dataset[]; readonly nextCursor: string | null };

/** All pages of a list. */
async function collect(read: (cursor: string | undefined) => Promise<Page>): Promise<Dataset[]> {
  const all: Dataset[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await read(cursor);
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

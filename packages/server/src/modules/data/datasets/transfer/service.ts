import type { DatasetExportInput, DatasetImport, DatasetImportInput, RowError } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { ItemStreams } from "../chunks/item-streams.ts";
import type { Manifests } from "../chunks/manifest.ts";
import type { Drafts } from "../drafts/drafts-service.ts";
import type { Places } from "../drafts/resolve-ref.ts";
import { createDatasetStore } from "../stores/store.ts";
import { createExporter, EXPORT_KIND } from "./export-file.ts";
import { createFileKeeper } from "./file-keeper.ts";
import type { FileRecord } from "./file-store.ts";
import { createFiles } from "./files-service.ts";
import { createImporter, IMPORT_KIND, type ImportDrafts } from "./import-file.ts";
import { createImportStore, type ImportRecord, toDatasetImport } from "./import-store.ts";

type Deps = {
  readonly db: Postgres;
  readonly objects: Objects;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly streams: ItemStreams;
  readonly manifests: Manifests;
  readonly places: Pick<Places, "head" | "open">;
  readonly drafts: Pick<Drafts, "push">;
};

/** Files in and out of datasets, as jobs. */
export function createTransfer(deps: Deps) {
  const { db, jobs, audit, clock, places, streams, manifests } = deps;
  const drafts = createImportDrafts(deps);
  const keeper = createFileKeeper(deps);
  const files = createFiles({ objects: deps.objects, keeper });
  jobs.register(IMPORT_KIND, createImporter({ db, keeper, objects: deps.objects, streams, drafts, clock }));
  jobs.register(EXPORT_KIND, createExporter({ keeper, streams, manifests }));

  return {
    files,
    async startImport(scope: Scope, datasetId: string, input: DatasetImportInput): Promise<DatasetImport> {
      const { fileId, branch, mode, keepGoodRows, ...reading } = input;
      await drafts.head(scope, datasetId, branch);
      const { record } = await files.open(scope, fileId);
      const job = { ...beginImport(scope, record, clock.now()), datasetId, branch, reading, mode, keepGoodRows };
      return db.transaction(async (tx) => {
        const order = { kind: IMPORT_KIND, payload: { importId: job.id }, title: `Import ${record.name}` };
        const jobId = await jobs.send(tx, scope, { ...order, subject: datasetId });
        await createImportStore(tx).create({ ...job, jobId });
        const details = { importId: job.id, file: record.name, branch, mode };
        await audit.record(scope, { action: "dataset.import", target: datasetId, details }, tx);
        return toDatasetImport({ ...job, jobId });
      });
    },
    async getImport(scope: Scope, importId: string): Promise<DatasetImport & { errors: RowError[] }> {
      const row = await createImportStore(db).find(scope.projectId, importId);
      if (!row) throw notFound("import", importId);
      return { ...toDatasetImport(row), errors: [...row.errors] };
    },
    async listImports(scope: Scope, datasetId: string, page: { limit: number; cursor?: string | undefined }) {
      await needDataset(db, scope, datasetId);
      return createImportStore(db).list(scope.projectId, datasetId, page);
    },
    async startExport(scope: Scope, datasetId: string, input: DatasetExportInput): Promise<{ jobId: string }> {
      const { version, splits, format, shape, gzip } = input;
      const { manifest, label } = await places.open(scope, { datasetId, at: version });
      const { name: dataset } = await needDataset(db, scope, datasetId);
      const isGzip = gzip && format !== "parquet";
      const name = `${fileNameOf(dataset)}-${fileNameOf(label)}.${shape}.${format}${isGzip ? ".gz" : ""}`;
      const payload = { ...input, manifestSha: manifest.sha, name, splits: splits ?? null };
      return db.transaction(async (tx) => {
        const order = { kind: EXPORT_KIND, payload, title: `Export ${dataset}, ${label}`, subject: datasetId };
        const jobId = await jobs.send(tx, scope, order);
        await audit.record(
          scope,
          { action: "dataset.export", target: datasetId, details: { version: label, shape } },
          tx,
        );
        return { jobId };
      });
    },
  };
}
export type Transfer = ReturnType<typeof createTransfer>;

type Begun = Omit<ImportRecord, "jobId" | "datasetId" | "branch" | "reading" | "mode" | "keepGoodRows">;

const beginImport = (scope: Scope, file: FileRecord, now: number): Begun => ({
  id: newId("dsi", now),
  projectId: scope.projectId,
  fileId: file.id,
  fileName: file.name,
  fileBytes: file.sizeBytes,
  state: "running",
  rowsRead: 0,
  rowsAdded: 0,
  errorCount: 0,
  errors: [],
  createdBy: scope.actor,
  createdAt: new Date(now),
  endedAt: null,
});

async function needDataset(db: Postgres, { projectId }: Scope, datasetId: string) {
  const dataset = await createDatasetStore(db).find(projectId, datasetId);
  if (!dataset) throw notFound("dataset", datasetId);
  return dataset;
}

const createImportDrafts = ({ db, places, drafts }: Pick<Deps, "db" | "places" | "drafts">): ImportDrafts => ({
  push: drafts.push,
  async head(scope, datasetId, branchName) {
    const { branch, manifest } = await places.head(scope, datasetId, branchName);
    const { schema } = await needDataset(db, scope, datasetId);
    return { revision: branch.revision, manifest, schema };
  },
});

/** A name as a part of a file's name, on any system and in any header. */
const fileNameOf = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 80) || "dataset";

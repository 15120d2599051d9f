import type { DatasetExportInput, DatasetImport, DatasetImportInput, RowError } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import type { ItemStreams } from "../item-streams.ts";
import type { Manifests } from "../manifest.ts";
import { createExporter, EXPORT_KIND } from "./export-file.ts";
import { createFileKeeper } from "./file-keeper.ts";
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
  readonly drafts: ImportDrafts;
  /** The items that a reference names; throws `not_found`. */
  readonly resolve: (
    scope: Scope,
    datasetId: string,
    version: string,
  ) => Promise<{ readonly manifestSha: string; readonly name: string; readonly label: string }>;
};

/** Files in and out of datasets, as jobs. */
export function createTransfer(deps: Deps) {
  const { db, jobs, audit, clock, drafts, streams, manifests, resolve } = deps;
  const keeper = createFileKeeper(deps);
  const files = createFiles({ objects: deps.objects, keeper });
  jobs.register(IMPORT_KIND, createImporter({ db, keeper, streams, drafts, clock }));
  jobs.register(EXPORT_KIND, createExporter({ keeper, streams, manifests }));

  return {
    files,
    async startImport(scope: Scope, datasetId: string, input: DatasetImportInput): Promise<DatasetImport> {
      const { fileId, branch, mode, keepGoodRows, ...reading } = input;
      await drafts.head(scope, datasetId, branch);
      const { record } = await files.open(scope, fileId);
      const now = clock.now();
      const begun: Omit<ImportRecord, "jobId"> = {
        id: newId("dsi", now),
        projectId: scope.projectId,
        datasetId,
        branch,
        fileId,
        fileName: record.name,
        fileBytes: record.sizeBytes,
        reading,
        mode,
        keepGoodRows,
        state: "running",
        rowsRead: 0,
        rowsAdded: 0,
        errorCount: 0,
        errors: [],
        createdBy: scope.actor,
        createdAt: new Date(now),
        endedAt: null,
      };
      return db.transaction(async (tx) => {
        const order = { kind: IMPORT_KIND, payload: { importId: begun.id }, title: `Import ${record.name}` };
        const jobId = await jobs.send(tx, scope, { ...order, subject: datasetId });
        await createImportStore(tx).create({ ...begun, jobId });
        const details = { importId: begun.id, file: record.name, branch, mode };
        await audit.record(scope, { action: "dataset.import", target: datasetId, details }, tx);
        return toDatasetImport({ ...begun, jobId });
      });
    },
    async getImport(scope: Scope, importId: string): Promise<DatasetImport & { errors: RowError[] }> {
      const row = await createImportStore(db).find(scope.projectId, importId);
      if (!row) throw notFound("import", importId);
      return { ...toDatasetImport(row), errors: [...row.errors] };
    },
    async listImports(scope: Scope, datasetId: string, page: { limit: number; cursor?: string | undefined }) {
      return createImportStore(db).list(scope.projectId, datasetId, page);
    },
    async startExport(scope: Scope, datasetId: string, input: DatasetExportInput): Promise<{ jobId: string }> {
      const { version, splits, format, shape, gzip } = input;
      const { manifestSha, name: dataset, label } = await resolve(scope, datasetId, version);
      const isGzip = gzip && format !== "parquet";
      const name = `${fileNameOf(dataset)}-${fileNameOf(label)}.${shape}.${format}${isGzip ? ".gz" : ""}`;
      const payload = { ...input, manifestSha, name, splits: splits ?? null };
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

/** A name as a part of a file's name, on any system and in any header. */
const fileNameOf = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 80) || "dataset";

import { datasetFilesApi } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import { mount } from "../../../../platform/http/handlers.ts";
import type { Transfer } from "./service.ts";

type Download = { readonly scope: Scope; readonly sink: Sink; readonly params: { readonly fileId: string } };

const TYPES = {
  csv: "text/csv; charset=utf-8",
  tsv: "text/tab-separated-values; charset=utf-8",
  json: "application/json",
  jsonl: "application/jsonl",
  parquet: "application/vnd.apache.parquet",
} as const;

async function download({ files }: Transfer, { scope, sink, params }: Download): Promise<void> {
  const { record, content } = await files.open(scope, params.fileId);
  const type = record.isGzip ? "application/gzip" : record.format ? TYPES[record.format] : "application/octet-stream";
  sink.head(200, {
    "content-type": type,
    "content-length": String(content.sizeBytes),
    "content-disposition": `attachment; filename="${record.name.replaceAll(/[^\w.-]/g, "_")}"`,
    "cache-control": "private, no-store",
  });
  for await (const chunk of content.read()) {
    if (!sink.isOpen()) return;
    if (!sink.write(chunk)) await sink.drained();
  }
  sink.end();
}

export const datasetFileRoutes = (transfer: Transfer) =>
  mount(datasetFilesApi, {
    "POST /api/v1/dataset-files": ({ scope, body }) => transfer.files.create(scope, body),
    "PUT /api/v1/dataset-files/:fileId/parts/:part": ({ scope, params, bytes }) =>
      transfer.files.putPart(scope, params, bytes),
    "POST /api/v1/dataset-files/:fileId/complete": ({ scope, params, body }) =>
      transfer.files.complete(scope, params.fileId, body),
    "GET /api/v1/dataset-files/:fileId": ({ scope, params }) => transfer.files.get(scope, params.fileId),
    "GET /api/v1/dataset-files/:fileId/content": (call) => download(transfer, call),
    "DELETE /api/v1/dataset-files/:fileId": async ({ scope, params }) => {
      await transfer.files.delete(scope, params.fileId);
      return { ok: true as const };
    },
    "POST /api/v1/dataset-files/:fileId/preview": ({ scope, params, body }) =>
      transfer.files.preview(scope, params.fileId, body),
    "GET /api/v1/datasets/:datasetId/imports": ({ scope, params, query }) =>
      transfer.listImports(scope, params.datasetId, query),
    "POST /api/v1/datasets/:datasetId/imports": ({ scope, params, body }) =>
      transfer.startImport(scope, params.datasetId, body),
    "GET /api/v1/dataset-imports/:importId": ({ scope, params }) => transfer.getImport(scope, params.importId),
    "POST /api/v1/datasets/:datasetId/exports": ({ scope, params, body }) =>
      transfer.startExport(scope, params.datasetId, body),
  });

import { exportsApi } from "@treadle/contract";
import { wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Sink } from "../../../kernel/sink.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { ScheduledExports } from "./service.ts";

type Download = { readonly scope: Scope; readonly sink: Sink; readonly params: { readonly fileId: string } };

async function download(exports: ScheduledExports, { scope, sink, params }: Download): Promise<void> {
  const { name, sizeBytes, content } = await exports.openFile(scope, params.fileId);
  sink.head(200, {
    "content-type": "application/vnd.apache.parquet",
    "content-length": String(sizeBytes),
    "content-disposition": `attachment; filename="${name}"`,
    "cache-control": "private, no-store",
  });
  for await (const chunk of content) {
    if (!sink.isOpen()) return;
    if (!sink.write(chunk)) await sink.drained();
  }
  sink.end();
}

export const exportRoutes = (exports: ScheduledExports) =>
  mount(exportsApi, {
    "GET /api/v1/scheduled-exports": async ({ scope }) => wholeList(await exports.list(scope)),
    "POST /api/v1/scheduled-exports": ({ scope, body }) => exports.create(scope, body),
    "PATCH /api/v1/scheduled-exports/:scheduledExportId": ({ scope, params, body }) =>
      exports.update(scope, params.scheduledExportId, body),
    "DELETE /api/v1/scheduled-exports/:scheduledExportId": async ({ scope, params }) => {
      await exports.delete(scope, params.scheduledExportId);
      return { ok: true as const };
    },
    "GET /api/v1/scheduled-exports/:scheduledExportId/files": ({ scope, params, query }) =>
      exports.listFiles(scope, params.scheduledExportId, query),
    "GET /api/v1/export-files/:fileId": (call) => download(exports, call),
  });

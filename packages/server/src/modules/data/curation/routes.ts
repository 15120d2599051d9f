import { curationApi } from "@treadle/contract";
import { cutPage, wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Sink } from "../../../kernel/sink.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Curation } from "./service.ts";

type Download = {
  readonly scope: Scope;
  readonly sink: Sink;
  readonly params: { readonly datasetId: string; readonly reportId: string };
};

async function download(curation: Curation, { scope, sink, params }: Download): Promise<void> {
  const page = Buffer.from(await curation.getMarkdown(scope, params));
  sink.head(200, {
    "content-type": "text/markdown; charset=utf-8",
    "content-length": String(page.length),
    "content-disposition": `attachment; filename="${params.reportId}.md"`,
    "cache-control": "private, no-store",
  });
  sink.end(page);
}

export const curationRoutes = (curation: Curation) =>
  mount(curationApi, {
    "GET /api/v1/curation/steps": async () => wholeList(curation.listSteps()),
    "POST /api/v1/datasets/:datasetId/curation/preview": ({ scope, params, body, signal }) =>
      curation.preview(scope, params.datasetId, { input: body, signal }),
    "POST /api/v1/datasets/:datasetId/curation/apply": ({ scope, params, body }) =>
      curation.apply(scope, params.datasetId, body),
    "GET /api/v1/datasets/:datasetId/curation/recipe": ({ scope, params, query }) =>
      curation.recipe(scope, { ...params, ...query }),
    "GET /api/v1/datasets/:datasetId/contamination": async ({ scope, params, query }) =>
      cutPage(
        await curation.listContamination(scope, params.datasetId),
        query,
        ({ evaluationName, evaluationDatasetId }) => [evaluationName, evaluationDatasetId],
      ),
    "POST /api/v1/datasets/:datasetId/reports": ({ scope, params, body }) =>
      curation.createReport(scope, params.datasetId, body),
    "GET /api/v1/datasets/:datasetId/reports": async ({ scope, params }) =>
      wholeList(await curation.listReports(scope, params.datasetId)),
    "GET /api/v1/datasets/:datasetId/reports/:reportId": ({ scope, params }) => curation.getReport(scope, params),
    "GET /api/v1/datasets/:datasetId/reports/:reportId/markdown": (call) => download(curation, call),
  });

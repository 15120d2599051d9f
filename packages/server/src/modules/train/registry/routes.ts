import { basename } from "node:path";
import { mlflowApi, modelConversionsApi, registryApi } from "@treadle/contract";
import { wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Sink } from "../../../kernel/sink.ts";
import { mount } from "../../../platform/http/handlers.ts";
import { sendFile } from "./send-file.ts";
import type { Registry } from "./service.ts";
import type { Place } from "./versions/versions-service.ts";

const DONE = { ok: true } as const;

type Asked = { readonly scope: Scope; readonly sink: Sink; readonly place: Place };

async function download({ versions }: Registry, { scope, sink, place }: Asked, path: string): Promise<void> {
  const { content, sizeBytes } = await versions.openFile(scope, place, path);
  const fileName = path.split("/").at(-1) ?? path;
  await sendFile(sink, { fileName, sizeBytes, type: "application/octet-stream", content });
}

export const registryRoutes = (registry: Registry) => {
  const { models, versions, stages, uploads, imports } = registry;
  return mount(registryApi, {
    "GET /api/v1/registry/models": ({ scope, query }) => models.list(scope, query),
    "GET /api/v1/registry/filters": ({ scope }) => models.filters(scope),
    "POST /api/v1/registry/models": ({ scope, body }) => models.create(scope, body),
    "GET /api/v1/registry/models/:name": ({ scope, params }) => models.get(scope, params.name),
    "GET /api/v1/registry/models/:name/uses": ({ scope, params }) => models.uses(scope, params.name),
    "PATCH /api/v1/registry/models/:name": ({ scope, params, body }) => models.update(scope, params.name, body),
    "DELETE /api/v1/registry/models/:name": async ({ scope, params }) => {
      await models.delete(scope, params.name);
      return DONE;
    },
    "GET /api/v1/registry/models/:name/versions": ({ scope, params, query }) =>
      versions.list(scope, params.name, query),
    "GET /api/v1/registry/models/:name/versions/:version": ({ scope, params }) => versions.whole(scope, params),
    "PATCH /api/v1/registry/models/:name/versions/:version": ({ scope, params, body }) =>
      versions.update(scope, params, body),
    "DELETE /api/v1/registry/models/:name/versions/:version": async ({ scope, params }) => {
      await versions.delete(scope, params);
      return DONE;
    },
    "GET /api/v1/registry/models/:name/versions/:version/content": ({ scope, sink, params, query }) =>
      download(registry, { scope, sink, place: params }, query.path),
    "GET /api/v1/registry/models/:name/versions/:version/export": async ({ scope, sink, params, query }) => {
      const { read, ...archive } = await registry.export(scope, params, query.kind);
      await sendFile(sink, { ...archive, type: "application/x-tar", content: read() });
    },
    "GET /api/v1/registry/models/:name/versions/:version/card": async ({ scope, params }) => ({
      markdown: await versions.card(scope, params),
    }),
    "GET /api/v1/registry/models/:name/versions/:version/lineage": ({ scope, params }) =>
      versions.lineage(scope, params),
    "GET /api/v1/registry/models/:name/compare": ({ scope, params, query }) =>
      versions.compare(scope, params.name, query),
    "PUT /api/v1/registry/models/:name/aliases/:alias": ({ scope, params, body }) =>
      registry.moveAlias(scope, params.name, { alias: params.alias, ...body }),
    "POST /api/v1/registry/models/:name/aliases/:alias/rollback": ({ scope, params, body }) =>
      registry.rollBackAlias(scope, params.name, { alias: params.alias, ...body }),
    "DELETE /api/v1/registry/models/:name/aliases/:alias": ({ scope, params }) =>
      registry.removeAlias(scope, params.name, params.alias),
    "GET /api/v1/registry/models/:name/alias-moves": ({ scope, params, query }) =>
      registry.listMoves(scope, params.name, query),
    "POST /api/v1/registry/models/:name/versions/:version/stage": ({ scope, params, body }) =>
      registry.setStage(scope, params, body),
    "GET /api/v1/registry/stage-requests": ({ scope, query }) => stages.list(scope, query),
    "POST /api/v1/registry/stage-requests/:requestId/decision": ({ scope, params, body }) =>
      stages.decide(scope, params.requestId, body),
    "GET /api/v1/registry/settings": ({ scope }) => registry.settings.get(scope),
    "PUT /api/v1/registry/settings": ({ scope, body }) => registry.settings.update(scope, body),
    "GET /api/v1/registry/retention": ({ scope, query }) => registry.retention.plan(scope, query.name),
    "POST /api/v1/registry/retention/runs": ({ scope }) => registry.retention.start(scope),
    "POST /api/v1/registry/imports": ({ scope, body }) => imports.start(scope, body),
    "POST /api/v1/registry/scans": ({ scope, body, signal }) => imports.scan(scope, body.source, signal),
    "POST /api/v1/registry/uploads": ({ scope, body }) => uploads.create(scope, body.files),
    "GET /api/v1/registry/uploads/:uploadId": ({ scope, params }) => uploads.get(scope, params.uploadId),
    "PUT /api/v1/registry/uploads/:uploadId/files/:file/parts/:part": async ({ scope, params, bytes }) => {
      await uploads.putPart(scope, params, bytes);
      return DONE;
    },
    "DELETE /api/v1/registry/uploads/:uploadId": async ({ scope, params }) => {
      await uploads.delete(scope, params.uploadId);
      return DONE;
    },
  });
};

export const modelConversionRoutes = ({ conversions }: Registry) =>
  mount(modelConversionsApi, {
    "GET /api/v1/registry/models/:name/versions/:version/conversions": async ({ scope, params }) =>
      wholeList(await conversions.list(scope, params)),
    "GET /api/v1/registry/models/:name/versions/:version/conversions/:conversionId/content": async ({
      scope,
      params,
      query,
      sink,
    }) => {
      const wanted = { conversionId: params.conversionId, path: query.path };
      const { content, path, sizeBytes } = await conversions.openFile(scope, params, wanted);
      await sendFile(sink, { fileName: basename(path), sizeBytes, type: "application/octet-stream", content });
    },
    "DELETE /api/v1/registry/models/:name/versions/:version/conversions/:conversionId": async ({ scope, params }) => {
      await conversions.delete(scope, params, params.conversionId);
      return DONE;
    },
  });

export const mlflowRoutes = (registry: Registry) => {
  const { mlflow } = registry;
  const listOf = (stages: string | string[] | undefined) => (typeof stages === "string" ? [stages] : stages);
  return mount(mlflowApi, {
    "GET /api/2.0/mlflow/registered-models/search": ({ scope, query }) => mlflow.searchModels(scope, query),
    "GET /api/2.0/mlflow/registered-models/get": ({ scope, query }) => mlflow.getModel(scope, query.name),
    "POST /api/2.0/mlflow/registered-models/get-latest-versions": async ({ scope, body }) => ({
      model_versions: await mlflow.latest(scope, body.name, body.stages),
    }),
    "GET /api/2.0/mlflow/registered-models/get-latest-versions": async ({ scope, query }) => ({
      model_versions: await mlflow.latest(scope, query.name, listOf(query.stages)),
    }),
    "GET /api/2.0/mlflow/registered-models/alias": ({ scope, query }) =>
      mlflow.getVersion(scope, { name: query.name, version: query.alias }),
    "GET /api/2.0/mlflow/model-versions/search": ({ scope, query }) => mlflow.searchVersions(scope, query),
    "GET /api/2.0/mlflow/model-versions/get": ({ scope, query }) => mlflow.getVersion(scope, query),
    "GET /api/2.0/mlflow/model-versions/get-download-uri": ({ scope, query }) => mlflow.downloadUri(scope, query),
    "GET /api/2.0/mlflow-artifacts/artifacts": ({ scope, query }) => mlflow.listArtifacts(scope, query.path),
    "GET /api/2.0/mlflow-artifacts/artifacts/registry/:name/:version/:file": ({ scope, sink, params }) =>
      download(registry, { scope, sink, place: params }, params.file),
    "GET /api/2.0/mlflow-artifacts/artifacts/registry/:name/:version/:folder/:file": ({ scope, sink, params }) =>
      download(registry, { scope, sink, place: params }, `${params.folder}/${params.file}`),
    "GET /api/2.0/mlflow-artifacts/artifacts/registry/:name/:version/:folder/:within/:file": ({
      scope,
      sink,
      params,
    }) => download(registry, { scope, sink, place: params }, `${params.folder}/${params.within}/${params.file}`),
  });
};

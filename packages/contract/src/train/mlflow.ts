import { z } from "zod";
import { defineApi } from "../route.ts";

const tag = z.object({ key: z.string(), value: z.string() });

/** A version in the shape of MLflow's REST API 2.0, as its client reads it. */
export const MlflowVersion = z.object({
  name: z.string(),
  version: z.string(),
  creation_timestamp: z.number(),
  last_updated_timestamp: z.number(),
  current_stage: z.string(),
  description: z.string(),
  source: z.string(),
  run_id: z.string(),
  status: z.literal("READY"),
  tags: z.array(tag),
  aliases: z.array(z.string()),
});
export type MlflowVersion = z.infer<typeof MlflowVersion>;

export const MlflowModel = z.object({
  name: z.string(),
  creation_timestamp: z.number(),
  last_updated_timestamp: z.number(),
  description: z.string(),
  latest_versions: z.array(MlflowVersion),
  tags: z.array(tag),
  aliases: z.array(z.object({ alias: z.string(), version: z.string() })),
});
export type MlflowModel = z.infer<typeof MlflowModel>;

const filter = z.string().max(1_000).default("");
const search = z.object({
  filter,
  max_results: z.coerce.number().int().min(1).max(1_000).default(100),
  page_token: z.string().max(500).optional(),
  order_by: z.union([z.string().max(200), z.array(z.string().max(200)).max(10)]).optional(),
});
const name = z.string().max(256);
const one = z.object({ name, version: z.string().max(20) });

/** The read routes of MLflow's model registry, so that its client lists and downloads what is here. */
export const mlflowApi = defineApi({
  "GET /api/2.0/mlflow/registered-models/search": {
    name: "mlflowSearchModels",
    summary: "MLflow: search registered models by name, times and tags, in an order",
    permission: "models:read",
    errors: "mlflow",
    query: search,
    response: z.object({ registered_models: z.array(MlflowModel), next_page_token: z.string().optional() }),
  },
  "GET /api/2.0/mlflow/registered-models/get": {
    name: "mlflowGetModel",
    summary: "MLflow: a registered model",
    permission: "models:read",
    errors: "mlflow",
    query: z.object({ name }),
    response: z.object({ registered_model: MlflowModel }),
  },
  "POST /api/2.0/mlflow/registered-models/get-latest-versions": {
    name: "mlflowLatestVersions",
    summary: "MLflow: the newest version of each stage",
    permission: "models:read",
    errors: "mlflow",
    body: z.looseObject({ name, stages: z.array(z.string()).optional() }),
    response: z.object({ model_versions: z.array(MlflowVersion) }),
  },
  "GET /api/2.0/mlflow/registered-models/get-latest-versions": {
    name: "mlflowReadLatestVersions",
    summary: "MLflow: the newest version of each stage",
    permission: "models:read",
    errors: "mlflow",
    query: z.object({ name, stages: z.union([z.string(), z.array(z.string())]).optional() }),
    response: z.object({ model_versions: z.array(MlflowVersion) }),
  },
  "GET /api/2.0/mlflow/registered-models/alias": {
    name: "mlflowGetAlias",
    summary: "MLflow: the version that an alias points at",
    permission: "models:read",
    errors: "mlflow",
    query: z.object({ name, alias: z.string().max(255) }),
    response: z.object({ model_version: MlflowVersion }),
  },
  "GET /api/2.0/mlflow/model-versions/search": {
    name: "mlflowSearchVersions",
    summary: "MLflow: search versions by name, number, run, times and tags, in an order",
    permission: "models:read",
    errors: "mlflow",
    query: search.extend({ max_results: z.coerce.number().int().min(1).max(200_000).default(200) }),
    response: z.object({ model_versions: z.array(MlflowVersion), next_page_token: z.string().optional() }),
  },
  "GET /api/2.0/mlflow/model-versions/get": {
    name: "mlflowGetVersion",
    summary: "MLflow: a version",
    permission: "models:read",
    errors: "mlflow",
    query: one,
    response: z.object({ model_version: MlflowVersion }),
  },
  "GET /api/2.0/mlflow/model-versions/get-download-uri": {
    name: "mlflowDownloadUri",
    summary: "MLflow: where the files of a version are",
    permission: "models:read",
    errors: "mlflow",
    query: one,
    response: z.object({ artifact_uri: z.string() }),
  },
  "GET /api/2.0/mlflow-artifacts/artifacts": {
    name: "mlflowListArtifacts",
    summary: "MLflow: the files of a version, by the path in its download address",
    permission: "models:read",
    errors: "mlflow",
    query: z.object({ path: z.string().max(1_000).default("") }),
    response: z.object({
      files: z.array(z.object({ path: z.string(), is_dir: z.boolean(), file_size: z.number().optional() })),
    }),
  },
  "GET /api/2.0/mlflow-artifacts/artifacts/registry/:name/:version/:file": {
    name: "mlflowDownloadArtifact",
    summary: "MLflow: one file of a version",
    permission: "models:read",
    errors: "mlflow",
    params: one.extend({ file: z.string().max(500) }),
    response: z.unknown(),
    answer: "file",
  },
  "GET /api/2.0/mlflow-artifacts/artifacts/registry/:name/:version/:folder/:file": {
    name: "mlflowDownloadArtifactInFolder",
    summary: "MLflow: one file in a folder of a version",
    permission: "models:read",
    errors: "mlflow",
    params: one.extend({ folder: z.string().max(500), file: z.string().max(500) }),
    response: z.unknown(),
    answer: "file",
  },
  "GET /api/2.0/mlflow-artifacts/artifacts/registry/:name/:version/:folder/:within/:file": {
    name: "mlflowDownloadArtifactFurtherIn",
    summary: "MLflow: one file in a folder of a folder of a version",
    permission: "models:read",
    errors: "mlflow",
    params: one.extend({ folder: z.string().max(500), within: z.string().max(500), file: z.string().max(500) }),
    response: z.unknown(),
    answer: "file",
  },
});

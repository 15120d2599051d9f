import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";
import { Done, PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import {
  AliasMove,
  ModelAlias,
  ModelComparison,
  ModelEvaluation,
  ModelFilters,
  ModelImportInput,
  ModelLineage,
  ModelName,
  ModelRetention,
  ModelRetentionChoice,
  ModelTags,
  ModelUpload,
  ModelUses,
  ModelVersion,
  ModelVersionRef,
  MovedRegistryModel,
  RegistryModel,
  RegistrySettings,
  RetentionPlan,
  ScanFinding,
  StageRequest,
  WholeModelVersion,
} from "./registry.ts";
import { MODEL_EXPORTS, MODEL_STAGES, STAGE_REQUEST_STATES } from "./registry-words.ts";

const model = z.object({ name: z.string().max(100) });
const version = model.extend({ version: ModelVersionRef });
const alias = model.extend({ alias: z.string().max(60) });
const note = z.string().trim().max(2_000).default("");
const force = z
  .boolean()
  .default(false)
  .describe(
    "Move immediately, although the project requires a rollout. Needs a reason and the permission `projects:write`.",
  );

export const registryApi = defineApi({
  "GET /api/v1/registry/models": {
    name: "listRegistryModels",
    summary: "Registered models with their aliases and newest version, by name",
    permission: "models:read",
    query: PageQuery.extend({
      search: z.string().max(200).default(""),
      tag: z.string().max(600).optional().describe("A tag's key, or `key=value`, of the model or of a version."),
      stage: z.enum(MODEL_STAGES).optional().describe("The stage of any version."),
      base: z.string().max(200).optional().describe("The base of any version."),
    }),
    response: pageOf(RegistryModel),
  },
  "GET /api/v1/registry/filters": {
    name: "listModelFilters",
    summary: "The tags and bases by which the list of models can be filtered",
    permission: "models:read",
    response: ModelFilters,
  },
  "POST /api/v1/registry/models": {
    name: "createRegistryModel",
    summary: "Create a model without versions",
    permission: "models:write",
    body: z.strictObject({
      name: ModelName,
      description: z.string().trim().max(5_000).default(""),
      tags: ModelTags.default({}),
      keepVersions: z.number().int().min(1).max(10_000).nullable().default(null),
      retention: ModelRetentionChoice.default("project"),
    }),
    response: RegistryModel,
    status: 201,
  },
  "GET /api/v1/registry/models/:name": {
    name: "getRegistryModel",
    summary: "A registered model",
    permission: "models:read",
    params: model,
    response: RegistryModel,
  },
  "PATCH /api/v1/registry/models/:name": {
    name: "updateRegistryModel",
    summary: "Change a model's description, tags, or retention",
    permission: "models:write",
    params: model,
    body: z.strictObject({
      description: z.string().trim().max(5_000).optional(),
      tags: ModelTags.optional(),
      keepVersions: z.number().int().min(1).max(10_000).nullable().optional(),
      retention: ModelRetentionChoice.optional(),
    }),
    response: RegistryModel,
  },
  "GET /api/v1/registry/models/:name/uses": {
    name: "listModelUses",
    summary: "The gateway names that use the model's versions, and other uses of it",
    permission: "models:read",
    params: model,
    response: ModelUses,
  },
  "DELETE /api/v1/registry/models/:name": {
    name: "deleteRegistryModel",
    summary:
      "Delete a model with all its versions and files; rejected while an alias or another model's adapter needs one",
    permission: "models:write",
    params: model,
    response: Done,
  },
  "GET /api/v1/registry/models/:name/versions": {
    name: "listModelVersions",
    summary: "The versions of a model, newest first",
    permission: "models:read",
    params: model,
    query: PageQuery.extend({ stage: z.enum(MODEL_STAGES).optional() }),
    response: pageOf(ModelVersion),
  },
  "GET /api/v1/registry/models/:name/versions/:version": {
    name: "getModelVersion",
    summary: "A version with its files and the findings of their scan",
    permission: "models:read",
    params: version,
    response: WholeModelVersion,
  },
  "PATCH /api/v1/registry/models/:name/versions/:version": {
    name: "updateModelVersion",
    summary: "Change the notes, limits, license or tags of a version. Its files never change",
    permission: "models:write",
    params: version,
    body: z.strictObject({
      notes: z.string().max(20_000).optional(),
      limits: z.string().max(20_000).optional(),
      license: z.string().max(120).nullable().optional(),
      tags: ModelTags.optional(),
      evaluation: ModelEvaluation.optional(),
    }),
    response: ModelVersion,
  },
  "DELETE /api/v1/registry/models/:name/versions/:version": {
    name: "deleteModelVersion",
    summary: "Delete a version and its files; rejected while an alias or an adapter needs it",
    permission: "models:write",
    params: version,
    response: Done,
  },
  "GET /api/v1/registry/models/:name/versions/:version/content": {
    name: "downloadModelFile",
    summary: "One file of a version",
    permission: "models:read",
    params: version,
    query: z.object({ path: z.string().min(1).max(1_000) }),
    response: z.unknown(),
    answer: "file",
  },
  "GET /api/v1/registry/models/:name/versions/:version/export": {
    name: "exportModelVersion",
    summary: "A version as a tar archive: its files and card, a folder to build a container from, or an OCI archive",
    permission: "models:read",
    params: version,
    query: z.object({ kind: z.enum(MODEL_EXPORTS).default("files") }),
    response: z.unknown(),
    answer: "file",
  },
  "GET /api/v1/registry/models/:name/versions/:version/card": {
    name: "getModelCard",
    summary: "The model card of a version, in Markdown",
    permission: "models:read",
    params: version,
    response: z.object({ markdown: z.string() }),
  },
  "GET /api/v1/registry/models/:name/versions/:version/lineage": {
    name: "getModelLineage",
    summary: "The origin and the uses of a version: datasets, training run, base, aliases, endpoints",
    permission: "models:read",
    params: version,
    response: ModelLineage,
  },
  "GET /api/v1/registry/models/:name/compare": {
    name: "compareModelVersions",
    summary: "The differences between two versions, of one model or of two: properties, files, scores",
    permission: "models:read",
    params: model,
    query: z.object({
      left: ModelVersionRef,
      right: ModelVersionRef,
      with: z.string().max(100).optional().describe("The model of the right side. The same model if omitted."),
    }),
    response: ModelComparison,
  },
  "PUT /api/v1/registry/models/:name/aliases/:alias": {
    name: "moveModelAlias",
    summary: "Move an alias to a version in one step; active requests finish on the old version",
    permission: "models:write",
    description:
      "If the project requires a second person, `staging` and `production` can move only to a version that is in the stage of that name. If the project requires rollouts and endpoints use the alias, a deployment starts, and the alias moves when its rollouts are promoted.",
    params: model.extend({ alias: ModelAlias }),
    body: z.strictObject({ version: ModelVersionRef, reason: note, force }),
    example: { version: "3" },
    response: MovedRegistryModel,
  },
  "POST /api/v1/registry/models/:name/aliases/:alias/rollback": {
    name: "rollBackModelAlias",
    summary: "Move an alias back to its previous version",
    permission: "models:write",
    description:
      "If the project requires rollouts and endpoints use the alias, this starts a deployment of the previous version. Use `force` in an emergency.",
    params: alias,
    body: z.strictObject({ reason: note, force }),
    response: MovedRegistryModel,
  },
  "DELETE /api/v1/registry/models/:name/aliases/:alias": {
    name: "deleteModelAlias",
    summary: "Remove an alias",
    permission: "models:write",
    params: alias,
    response: RegistryModel,
  },
  "GET /api/v1/registry/models/:name/alias-moves": {
    name: "listModelAliasMoves",
    summary: "The history of a model's aliases, newest first",
    permission: "models:read",
    params: model,
    query: PageQuery.extend({ alias: z.string().max(60).optional() }),
    response: pageOf(AliasMove),
  },
  "POST /api/v1/registry/models/:name/versions/:version/stage": {
    name: "setModelStage",
    summary: "Move a version to a stage, or request approval if the project requires a second person",
    permission: "models:write",
    params: version,
    body: z.strictObject({ stage: z.enum(MODEL_STAGES), note }),
    example: { stage: "staging" },
    response: ModelVersion,
  },
  "GET /api/v1/registry/stage-requests": {
    name: "listStageRequests",
    summary: "Stage requests, newest first",
    permission: "models:read",
    query: PageQuery.extend({
      state: z.enum(STAGE_REQUEST_STATES).optional(),
      name: z.string().max(100).optional(),
      version: z.coerce.number().int().min(1).max(MOST_INTEGER).optional().describe("With `name`: only this version."),
    }),
    response: pageOf(StageRequest),
  },
  "POST /api/v1/registry/stage-requests/:requestId/decision": {
    name: "decideStageRequest",
    summary: "Approve, reject or withdraw a stage request; the requester cannot approve it",
    permission: "models:write",
    params: z.object({ requestId: z.string() }),
    body: z.strictObject({ decision: z.enum(["approved", "rejected", "withdrawn"]), note }),
    response: StageRequest,
  },
  "GET /api/v1/registry/settings": {
    name: "getRegistrySettings",
    summary: "The registry settings: whether stages need a second person, and how long files are retained",
    permission: "models:read",
    response: RegistrySettings,
  },
  "PUT /api/v1/registry/settings": {
    name: "updateRegistrySettings",
    summary: "Change the registry settings: approval of staging and production, and retention of old versions' files",
    permission: "projects:write",
    body: z.strictObject({ needsApproval: z.boolean().optional(), retention: ModelRetention.nullable().optional() }),
    response: RegistrySettings,
  },
  "GET /api/v1/registry/retention": {
    name: "planModelRetention",
    summary: "Preview which versions lose their files, and when; nothing is removed",
    permission: "models:read",
    query: z.object({ name: z.string().max(100).optional() }),
    response: RetentionPlan,
  },
  "POST /api/v1/registry/retention/runs": {
    name: "runModelRetention",
    summary: "Remove the files that are due now, as a job, instead of at the next daily run",
    permission: "models:write",
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
  "POST /api/v1/registry/imports": {
    name: "importModel",
    summary:
      "Import a model as a new version, as a job: from the hub, a pulled model, an upload, or a path on the server below TREADLE_MODEL_FOLDERS",
    permission: "models:write",
    body: ModelImportInput,
    example: { name: "support-model", source: "hf:owner/repo" },
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
  "POST /api/v1/registry/scans": {
    name: "scanModel",
    summary: "Inspect the files of an import source without importing them",
    permission: "models:write",
    body: z.strictObject({ source: z.string().trim().min(1).max(1_000) }),
    example: { source: "hf:owner/repo" },
    response: z.object({ isSafe: z.boolean(), format: z.string().nullable(), findings: z.array(ScanFinding) }),
  },
  "POST /api/v1/registry/uploads": {
    name: "startModelUpload",
    summary: "Start an upload of files, in parts of at most 8 MiB",
    permission: "models:write",
    description:
      "Send each part with `PUT /api/v1/registry/uploads/{uploadId}/files/{file}/parts/{part}`. Then import the model with the source `upload:` and the id of the upload.",
    body: z.strictObject({
      files: z
        .array(z.strictObject({ path: z.string().min(1).max(500), sizeBytes: z.number().int().min(0).max(1e12) }))
        .min(1)
        .max(2_000),
    }),
    example: { files: [{ path: "model.safetensors", sizeBytes: 268435456 }] },
    response: ModelUpload,
    status: 201,
  },
  "GET /api/v1/registry/uploads/:uploadId": {
    name: "getModelUpload",
    summary: "Which parts have arrived, so that the sender can continue",
    permission: "models:read",
    params: z.object({ uploadId: z.string() }),
    response: ModelUpload,
  },
  "PUT /api/v1/registry/uploads/:uploadId/files/:file/parts/:part": {
    name: "sendModelPart",
    summary: "Send one part of one file; parts and files are counted from 0",
    permission: "models:write",
    params: z.object({
      uploadId: z.string(),
      file: z.coerce.number().int().min(0).max(2_000),
      part: z.coerce.number().int().min(0).max(200_000),
    }),
    takes: "bytes",
    response: Done,
  },
  "DELETE /api/v1/registry/uploads/:uploadId": {
    name: "deleteModelUpload",
    summary: "Discard an upload",
    permission: "models:write",
    params: z.object({ uploadId: z.string() }),
    response: Done,
  },
});

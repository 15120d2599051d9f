import { z } from "zod";
import { Done, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

export const MODEL_STATES = ["available", "pulling", "ready", "loading", "loaded", "failed"] as const;

/** A model that runs on this machine, from the catalogue or pulled by hand. */
export const LocalModel = z.object({
  id: z.string().describe("The name that requests use, such as `smollm2-135m-instruct`."),
  label: z.string(),
  description: z.string(),
  kind: z.enum(["chat", "embedding"]),
  format: z.string().describe("`gguf`, or `builtin` for a model that ships with the program."),
  state: z.enum(MODEL_STATES),
  error: z.string().nullable(),
  license: z.string(),
  parameters: z.number().nullable().describe("The number of weights, if known."),
  contextTokens: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  memoryBytes: z.number().nullable().describe("An estimate of the memory it takes when loaded."),
  sha256: z.string().nullable(),
  source: z.string(),
  isDefault: z.boolean(),
  isInCatalogue: z.boolean(),
});
export type LocalModel = z.infer<typeof LocalModel>;

/** One download. `totalBytes` is null until the source has said it. */
export const ModelPull = z.object({
  id: z.string(),
  source: z.string(),
  modelId: z.string(),
  state: z.enum(["running", "done", "failed", "cancelled"]),
  step: z.string().describe("What is being done now, in words."),
  receivedBytes: z.number(),
  totalBytes: z.number().nullable(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  error: z.string().nullable(),
});
export type ModelPull = z.infer<typeof ModelPull>;

/** Prices are US dollars for a million tokens. A null means "as the kept table says", or for cached tokens the input price. */
export const ModelPrice = z.object({
  id: z.string(),
  provider: z.string().describe("A provider id, or `*` for any."),
  model: z.string().describe("The exact model name, or one with a `*` at its end."),
  inputUsdPerMillion: z.number().min(0).max(1e6),
  outputUsdPerMillion: z.number().min(0).max(1e6),
  cachedInputUsdPerMillion: z.number().min(0).max(1e6).nullable(),
  cacheWriteUsdPerMillion: z.number().min(0).max(1e6).nullable(),
  reasoningUsdPerMillion: z.number().min(0).max(1e6).nullable(),
});
export type ModelPrice = z.infer<typeof ModelPrice>;

const modelParams = z.object({ modelId: z.string() });

export const modelsApi = defineApi({
  "GET /api/v1/models": {
    name: "listLocalModels",
    summary: "The models of this machine: those that can be pulled, are pulled, or are loaded",
    permission: "models:read",
    response: z.object({
      items: z.array(LocalModel),
      memoryBudgetBytes: z.number(),
      memoryUsedBytes: z.number(),
    }),
  },
  "DELETE /api/v1/models/:modelId": {
    name: "deleteLocalModel",
    summary: "Unload a pulled model and delete its file",
    permission: "models:write",
    params: modelParams,
    response: Done,
  },
  "POST /api/v1/models/:modelId/load": {
    name: "loadLocalModel",
    summary: "Load a model into memory now instead of at its first request",
    permission: "models:write",
    params: modelParams,
    response: LocalModel,
  },
  "POST /api/v1/models/:modelId/unload": {
    name: "unloadLocalModel",
    summary: "Free the memory of a loaded model once its running requests have ended",
    permission: "models:write",
    params: modelParams,
    response: LocalModel,
  },
  "GET /api/v1/model-pulls": {
    name: "listModelPulls",
    summary: "Downloads of this run of the server, newest first",
    permission: "models:read",
    response: z.object({ items: z.array(ModelPull) }),
  },
  "POST /api/v1/model-pulls": {
    name: "startModelPull",
    summary: "Pull a model by catalogue name, `hf:owner/repo/file.gguf`, or a file of this machine",
    permission: "models:write",
    body: z.strictObject({ source: z.string().trim().min(1).max(500) }),
    response: ModelPull,
    status: 202,
  },
  "GET /api/v1/model-pulls/:pullId": {
    name: "getModelPull",
    summary: "How far one download is",
    permission: "models:read",
    params: z.object({ pullId: z.string() }),
    response: ModelPull,
  },
  "DELETE /api/v1/model-pulls/:pullId": {
    name: "cancelModelPull",
    summary: "Stop a download; what has arrived is kept and a later pull goes on from there",
    permission: "models:write",
    params: z.object({ pullId: z.string() }),
    response: ModelPull,
  },
  "GET /api/v1/model-prices": {
    name: "listModelPrices",
    summary: "The project's own prices, which win over the kept price table",
    permission: "models:read",
    response: z.object({ items: z.array(ModelPrice) }),
  },
  "GET /api/v1/model-prices/lookup": {
    name: "lookUpModelPrice",
    summary: "The price that a call of this model would be charged at, and where it comes from",
    permission: "models:read",
    query: z.object({ provider: z.string().max(120), model: z.string().min(1).max(200) }),
    response: z.object({
      source: z.enum(["project", "table", "unknown"]),
      price: ModelPrice.omit({ id: true }).nullable(),
    }),
  },
  "POST /api/v1/model-prices": {
    name: "saveModelPrice",
    summary: "Set the project's own price of a model, replacing one for the same provider and model",
    permission: "models:write",
    body: ModelPrice.omit({ id: true }).extend({
      cachedInputUsdPerMillion: z.number().min(0).max(1e6).nullable().default(null),
      cacheWriteUsdPerMillion: z.number().min(0).max(1e6).nullable().default(null),
      reasoningUsdPerMillion: z.number().min(0).max(1e6).nullable().default(null),
    }),
    response: ModelPrice,
    status: 201,
  },
  "DELETE /api/v1/model-prices/:priceId": {
    name: "deleteModelPrice",
    summary: "Go back to the kept price table for this model",
    permission: "models:write",
    params: z.object({ priceId: z.string() }),
    response: Done,
  },
});

import { z } from "zod";
import { Done, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

export const MODEL_STATES = ["available", "pulling", "ready", "loading", "loaded", "failed"] as const;

/** A model that runs on this machine, from the catalogue or pulled by hand. */
export const LocalModel = z.object({
  modelId: z.string().describe("The name that requests use, such as `smollm2-135m-instruct`."),
  label: z.string(),
  description: z.string(),
  kind: z.enum(["chat", "embedding"]),
  format: z.string().describe("`gguf`, or `builtin` for a model that ships with Treadle."),
  state: z.enum(MODEL_STATES),
  error: z.string().nullable(),
  license: z.string(),
  parameters: z.number().nullable().describe("The number of weights, if known."),
  contextTokens: z.number().nullable(),
  dimensions: z.number().nullable().describe("The length of an embedding model's vectors, if known."),
  prefixes: z
    .object({ query: z.string(), passage: z.string() })
    .nullable()
    .describe("The text that an embedding model needs before each query and each passage."),
  sizeBytes: z.number().nullable(),
  memoryBytes: z.number().nullable().describe("The estimated memory that the loaded model uses."),
  sha256: z.string().nullable(),
  source: z.string(),
  isDefault: z.boolean(),
  isInCatalogue: z.boolean(),
});
export type LocalModel = z.infer<typeof LocalModel>;

/** One download. `totalBytes` is null until the source has said it. */
export const ModelPull = z.object({
  pullId: z.string(),
  source: z.string(),
  modelId: z.string(),
  state: z.enum(["running", "done", "failed", "cancelled"]),
  step: z.string().describe("The current step, in words."),
  receivedBytes: z.number(),
  totalBytes: z.number().nullable(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  error: z.string().nullable(),
});
export type ModelPull = z.infer<typeof ModelPull>;

/** Prices are US dollars for a million tokens. A null means "as the kept table says", or for cached tokens the input price. */
export const ModelPrice = z.object({
  priceId: z.string(),
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
    summary: "Models on this machine: available to pull, pulled, or loaded",
    permission: "models:read",
    response: pageOf(LocalModel).extend({
      memoryBudgetBytes: z.number(),
      memoryUsedBytes: z.number(),
    }),
  },
  "DELETE /api/v1/models/:modelId": {
    name: "deleteLocalModel",
    summary: "Unload a pulled model and delete its file",
    permission: "local-models:write",
    params: modelParams,
    response: Done,
  },
  "POST /api/v1/models/:modelId/load": {
    name: "loadLocalModel",
    summary: "Load a model into memory now instead of at its first request",
    permission: "local-models:write",
    params: modelParams,
    response: LocalModel,
  },
  "POST /api/v1/models/:modelId/unload": {
    name: "unloadLocalModel",
    summary: "Unload a model from memory once its running requests have ended",
    permission: "local-models:write",
    params: modelParams,
    response: LocalModel,
  },
  "GET /api/v1/model-pulls": {
    name: "listModelPulls",
    summary: "The project's model pulls since the server started, newest first",
    permission: "models:read",
    response: pageOf(ModelPull),
  },
  "POST /api/v1/model-pulls": {
    name: "startModelPull",
    summary:
      "Pull a model by catalog name, `hf:owner/repo/file.gguf`, or the path of a file on the server below TREADLE_MODEL_FOLDERS",
    permission: "local-models:write",
    body: z.strictObject({ source: z.string().trim().min(1).max(500) }),
    example: { source: "hf:owner/repo/model-Q4_K_M.gguf" },
    response: ModelPull,
    status: 202,
  },
  "GET /api/v1/model-pulls/:pullId": {
    name: "getModelPull",
    summary: "The progress of one download",
    permission: "models:read",
    params: z.object({ pullId: z.string() }),
    response: ModelPull,
  },
  "DELETE /api/v1/model-pulls/:pullId": {
    name: "cancelModelPull",
    summary: "Stop a download; the received part is stored, and a later pull continues from there",
    permission: "local-models:write",
    params: z.object({ pullId: z.string() }),
    response: ModelPull,
  },
  "GET /api/v1/model-prices": {
    name: "listModelPrices",
    summary: "The project's own prices, which override the built-in price table",
    permission: "models:read",
    query: PageQuery,
    response: pageOf(ModelPrice),
  },
  "GET /api/v1/model-prices/lookup": {
    name: "lookUpModelPrice",
    summary: "The price that is charged for a call of this model, and its source",
    permission: "models:read",
    query: z.object({ provider: z.string().max(120), model: z.string().min(1).max(200) }),
    response: z.object({
      source: z.enum(["project", "table", "unknown"]),
      price: ModelPrice.omit({ priceId: true }).nullable(),
    }),
  },
  "POST /api/v1/model-prices": {
    name: "saveModelPrice",
    summary: "Set the project's price of a model; replaces the price for the same provider and model",
    permission: "models:write",
    body: ModelPrice.omit({ priceId: true })
      .extend({
        cachedInputUsdPerMillion: z.number().min(0).max(1e6).nullable().default(null),
        cacheWriteUsdPerMillion: z.number().min(0).max(1e6).nullable().default(null),
        reasoningUsdPerMillion: z.number().min(0).max(1e6).nullable().default(null),
      })
      .strict(),
    example: { provider: "openai", model: "gpt-5-mini", inputUsdPerMillion: 0.25, outputUsdPerMillion: 2 },
    response: ModelPrice,
    status: 201,
  },
  "DELETE /api/v1/model-prices/:priceId": {
    name: "deleteModelPrice",
    summary: "Return to the built-in price table for this model",
    permission: "models:write",
    params: z.object({ priceId: z.string() }),
    response: Done,
  },
});

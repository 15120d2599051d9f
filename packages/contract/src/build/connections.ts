import { z } from "zod";
import { Done, Name, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";

export const PROVIDER_IDS = ["openai-compatible", "anthropic", "gemini", "bedrock", "local"] as const;
export type ProviderId = (typeof PROVIDER_IDS)[number];

/** A service Treadle knows the address and the habits of, so that a key is all it takes. */
export const ProviderPreset = z.object({
  presetId: z.string().describe("Such as `openai`, `groq`, `vllm`."),
  label: z.string(),
  provider: z.enum(PROVIDER_IDS),
  baseUrl: z.string(),
  needsKey: z.boolean(),
  keyUrl: z.string().nullable().describe("Where a key is made."),
  fields: z.array(z.enum(["region", "apiVersion", "accessKeyId"])).describe("What else this service requires."),
  exampleModels: z.array(z.string()),
});
export type ProviderPreset = z.infer<typeof ProviderPreset>;

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "use lower-case letters, digits and hyphens, at most 40");

const settings = {
  preset: z.string().max(60),
  baseUrl: z.url().max(500),
  models: z
    .array(z.string().min(1).max(200))
    .max(500)
    .describe("Models to offer by their plain names. Any model can be requested as `slug/model`."),
  region: z.string().max(60).nullable(),
  apiVersion: z.string().max(60).nullable(),
  accessKeyId: z.string().max(200).nullable(),
  headers: z
    .record(z.string().max(100), z.string().max(1000))
    .describe("Sent with every request; not for secrets, since they can be read back."),
  timeouts: z.strictObject({
    connectMs: z.number().int().min(100).max(60_000).default(5_000),
    firstByteMs: z.number().int().min(100).max(3_600_000).default(120_000),
    idleMs: z.number().int().min(100).max(3_600_000).default(60_000),
    totalMs: z.number().int().min(100).max(7_200_000).default(600_000),
  }),
  maxRetries: z.number().int().min(0).max(10),
  cacheTtlSeconds: z
    .number()
    .int()
    .min(0)
    .max(31_536_000)
    .describe("How long responses are cached, in seconds. 0 turns the exact cache off."),
  isEnabled: z.boolean(),
};

/** A secret that is written and never read back; several share the load by weight. */
export const ConnectionKeyInput = z.strictObject({
  value: z
    .string()
    .trim()
    .min(1)
    .max(8_000)
    .regex(
      /^[\x20-\x7e]*$/,
      "contains a line break or another character that is not allowed in a header; send only the key",
    ),
  weight: z.number().int().min(1).max(1_000).default(1),
});
export const ConnectionKey = z.object({
  connectionKeyId: z.string(),
  hint: z.string().describe("The last four characters."),
  weight: z.number(),
  createdAt: Timestamp,
});

export const Connection = z.object({
  connectionId: z.string(),
  slug,
  name: Name,
  provider: z.enum(PROVIDER_IDS),
  ...settings,
  keys: z.array(ConnectionKey),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Connection = z.infer<typeof Connection>;

const connectionParams = z.object({ connectionId: z.string() });

export const connectionsApi = defineApi({
  "GET /api/v1/provider-presets": {
    name: "listProviderPresets",
    summary: "Services that need only a key to connect",
    permission: "connections:read",
    response: pageOf(ProviderPreset),
  },
  "GET /api/v1/connections": {
    name: "listConnections",
    summary: "The project's connections to model providers",
    permission: "connections:read",
    query: PageQuery,
    response: pageOf(Connection),
  },
  "POST /api/v1/connections": {
    name: "createConnection",
    summary: "Connect a model provider; omitted fields come from the preset",
    permission: "connections:write",
    body: z.strictObject({
      slug,
      name: Name.optional(),
      preset: settings.preset,
      baseUrl: settings.baseUrl.optional(),
      models: settings.models.optional(),
      region: settings.region.optional(),
      apiVersion: settings.apiVersion.optional(),
      accessKeyId: settings.accessKeyId.optional(),
      headers: settings.headers.optional(),
      timeouts: settings.timeouts.optional(),
      maxRetries: settings.maxRetries.optional(),
      cacheTtlSeconds: settings.cacheTtlSeconds.optional(),
      isEnabled: settings.isEnabled.optional(),
      keys: z.array(ConnectionKeyInput).max(50).optional(),
    }),
    example: { slug: "openai", preset: "openai", keys: [{ value: "sk-your-key" }] },
    response: Connection,
    status: 201,
  },
  "GET /api/v1/connections/:connectionId": {
    name: "getConnection",
    summary: "One connection, without its secrets",
    permission: "connections:read",
    params: connectionParams,
    response: Connection,
  },
  "PATCH /api/v1/connections/:connectionId": {
    name: "updateConnection",
    summary: "Change a connection; a new host erases its stored keys, new keys replace the old ones",
    permission: "connections:write",
    params: connectionParams,
    body: z.strictObject({
      name: Name.optional(),
      baseUrl: settings.baseUrl.optional(),
      models: settings.models.optional(),
      region: settings.region.optional(),
      apiVersion: settings.apiVersion.optional(),
      accessKeyId: settings.accessKeyId.optional(),
      headers: settings.headers.optional(),
      timeouts: settings.timeouts.optional(),
      maxRetries: settings.maxRetries.optional(),
      cacheTtlSeconds: settings.cacheTtlSeconds.optional(),
      isEnabled: settings.isEnabled.optional(),
      keys: z.array(ConnectionKeyInput).max(50).optional(),
    }),
    response: Connection,
  },
  "DELETE /api/v1/connections/:connectionId": {
    name: "deleteConnection",
    summary: "Delete a connection and its secrets",
    permission: "connections:write",
    params: connectionParams,
    response: Done,
  },
  "POST /api/v1/connections/:connectionId/test": {
    name: "testConnection",
    summary: "Request the provider's list of models with the stored key and return the result",
    permission: "connections:write",
    params: connectionParams,
    response: z.object({
      ok: z.boolean(),
      message: z.string(),
      durationMs: z.number(),
      models: z.array(z.string()),
    }),
  },
});

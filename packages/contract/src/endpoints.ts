import { z } from "zod";
import { Done, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

const endpointName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, "use lower-case letters, digits, dots, hyphens and underscores, at most 80");

/** One model that can answer, with its share of the traffic. */
export const Target = z.strictObject({
  model: z.string().min(1).max(240).describe("A local model id, or `connection-slug/model`."),
  weight: z.number().int().min(0).max(1_000).default(1),
});

/** A named function the application calls: callers use its name as the model. */
export const Endpoint = z.object({
  id: z.string(),
  name: endpointName,
  description: z.string().max(1_000),
  targets: z.array(Target).min(1).max(20).describe("One is drawn by weight for each request."),
  fallbacks: z
    .array(z.string().min(1).max(240))
    .max(20)
    .describe("Tried in order when the drawn target fails before its first byte."),
  cacheTtlSeconds: z.number().int().min(0).max(31_536_000).describe("0 turns the exact cache off."),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Endpoint = z.infer<typeof Endpoint>;

const endpointParams = z.object({ endpointId: z.string() });
const EndpointInput = z.strictObject({
  name: endpointName,
  description: z.string().max(1_000).default(""),
  targets: Endpoint.shape.targets,
  fallbacks: Endpoint.shape.fallbacks.default([]),
  cacheTtlSeconds: Endpoint.shape.cacheTtlSeconds.default(0),
});

export const endpointsApi = defineApi({
  "GET /api/v1/endpoints": {
    name: "listEndpoints",
    summary: "The project's endpoints",
    permission: "endpoints:read",
    response: z.object({ items: z.array(Endpoint) }),
  },
  "POST /api/v1/endpoints": {
    name: "createEndpoint",
    summary: "Name a model, a weighted set of models, or a chain of fallbacks",
    permission: "endpoints:write",
    body: EndpointInput,
    response: Endpoint,
    status: 201,
  },
  "GET /api/v1/endpoints/:endpointId": {
    name: "getEndpoint",
    summary: "One endpoint",
    permission: "endpoints:read",
    params: endpointParams,
    response: Endpoint,
  },
  "PUT /api/v1/endpoints/:endpointId": {
    name: "replaceEndpoint",
    summary: "Replace an endpoint; the next request uses the new one",
    permission: "endpoints:write",
    params: endpointParams,
    body: EndpointInput,
    response: Endpoint,
  },
  "DELETE /api/v1/endpoints/:endpointId": {
    name: "deleteEndpoint",
    summary: "Delete an endpoint",
    permission: "endpoints:write",
    params: endpointParams,
    response: Done,
  },
});

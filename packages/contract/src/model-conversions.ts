import { z } from "zod";
import { Done, Timestamp } from "./pages.ts";
import { ModelFile, ModelVersionRef } from "./registry.ts";
import { CONVERSION_FORMATS, GGUF_TYPES } from "./registry-words.ts";
import { defineApi } from "./route.ts";

/** One thing that was looked at after a conversion. */
export const ConversionCheck = z.object({
  name: z.enum(["weights", "load", "tokens", "perplexity", "agreement", "logits", "q8"]),
  passed: z
    .boolean()
    .nullable()
    .describe("Null where it is a number to know and not a test, or could not be looked at."),
  value: z.number().nullable(),
  reference: z.number().nullable().describe("The same of the weights in 16-bit floats, where there is such a number."),
  message: z.string(),
});
export type ConversionCheck = z.infer<typeof ConversionCheck>;

/** A version in another format than it came in: files that were made of it, and how they were checked. */
export const ModelConversion = z.object({
  conversionId: z.string(),
  format: z.enum(CONVERSION_FORMATS),
  quantization: z.string().describe("Of a GGUF, such as `Q8_0`; empty for other formats."),
  files: z.array(ModelFile),
  sizeBytes: z.number(),
  sha256: z.string().describe("Of the list of its files."),
  checks: z.array(ConversionCheck),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type ModelConversion = z.infer<typeof ModelConversion>;

export const ModelConversionInput = z.strictObject({
  format: z.enum(CONVERSION_FORMATS),
  quantization: z
    .string()
    .trim()
    .toUpperCase()
    .max(20)
    .default("F16")
    .describe(`The type of the weights of a GGUF: ${GGUF_TYPES.join(", ")}. Other formats have none.`),
});
export type ModelConversionInput = z.infer<typeof ModelConversionInput>;

const version = z.object({ name: z.string().max(100), version: ModelVersionRef });
const conversion = version.extend({ conversionId: z.string().max(60) });

/** What the registry keeps of conversions. */
export const modelConversionsApi = defineApi({
  "GET /api/v1/registry/models/:name/versions/:version/conversions": {
    name: "listModelConversions",
    summary: "The other formats that were made of a version, newest first, with how they were checked",
    permission: "models:read",
    params: version,
    response: z.object({ items: z.array(ModelConversion) }),
  },
  "GET /api/v1/registry/models/:name/versions/:version/conversions/:conversionId/content": {
    name: "downloadModelConversion",
    summary: "One file of a conversion",
    permission: "models:read",
    params: conversion,
    query: z.object({ path: z.string().min(1).max(1_000) }),
    response: z.unknown(),
    answer: "file",
  },
  "DELETE /api/v1/registry/models/:name/versions/:version/conversions/:conversionId": {
    name: "deleteModelConversion",
    summary: "Delete a conversion with its files; the version stays",
    permission: "models:write",
    params: conversion,
    response: Done,
  },
});

/** The making of them. */
export const conversionJobsApi = defineApi({
  "POST /api/v1/registry/models/:name/versions/:version/conversions": {
    name: "convertModel",
    summary:
      "Make another format of a version, as a job: GGUF of a type, merged safetensors, or ONNX for transformers.js",
    permission: "models:write",
    params: version,
    body: ModelConversionInput,
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
});

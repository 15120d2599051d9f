import { z } from "zod";
import { Done, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { ModelFile, ModelVersionRef } from "./registry.ts";
import { CONVERSION_FORMATS, GGUF_TYPES } from "./registry-words.ts";

/** One thing that was looked at after a conversion. */
export const ConversionCheck = z.object({
  name: z.enum(["weights", "load", "tokens", "perplexity", "agreement", "logits", "q8"]),
  passed: z.boolean().nullable().describe("Null for a value without a limit, or if the check could not run."),
  value: z.number().nullable(),
  reference: z.number().nullable().describe("The same value for the weights in 16-bit floats, if there is one."),
  message: z.string(),
});
export type ConversionCheck = z.infer<typeof ConversionCheck>;

/** A version in another format than it came in: files that were made of it, and how they were checked. */
export const ModelConversion = z.object({
  conversionId: z.string(),
  format: z.enum(CONVERSION_FORMATS),
  quantization: z.string().describe("For GGUF, such as `Q8_0`. Empty for other formats."),
  files: z.array(ModelFile),
  sizeBytes: z.number(),
  sha256: z.string().describe("A hash of the list of files."),
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

/** The registry's record of conversions. */
export const modelConversionsApi = defineApi({
  "GET /api/v1/registry/models/:name/versions/:version/conversions": {
    name: "listModelConversions",
    summary: "The conversions of a version, newest first, with their checks",
    permission: "models:read",
    params: version,
    response: pageOf(ModelConversion),
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
    summary: "Delete a conversion with its files; the version remains",
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
      "Convert a version to another format, as a job: GGUF with a weight type, merged safetensors, or ONNX for transformers.js",
    permission: "models:write",
    params: version,
    body: ModelConversionInput,
    response: z.object({ jobId: z.string() }),
    status: 202,
  },
});

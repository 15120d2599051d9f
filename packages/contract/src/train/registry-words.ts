/**
 * The file formats of a model version. The first available format decides how it is served. `remote` has no files: a
 * provider stores them.
 */
export const MODEL_FORMATS = ["gguf", "gguf-adapter", "safetensors", "adapter", "onnx", "remote"] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

export const MODEL_STAGES = ["none", "staging", "production", "archived"] as const;
export type ModelStage = (typeof MODEL_STAGES)[number];

export const STAGE_REQUEST_STATES = ["pending", "approved", "rejected", "withdrawn"] as const;
export type StageRequestState = (typeof STAGE_REQUEST_STATES)[number];

/** How a version leaves: its files, a folder to build a container from, or an OCI archive. */
export const MODEL_EXPORTS = ["files", "container", "oci"] as const;
export type ModelExport = (typeof MODEL_EXPORTS)[number];

/** What a version can be made into. */
export const CONVERSION_FORMATS = ["gguf", "safetensors", "onnx"] as const;
export type ConversionFormat = (typeof CONVERSION_FORMATS)[number];

/** The types of weights that a GGUF can be written in here, the largest first. */
export const GGUF_TYPES = ["F32", "F16", "BF16", "Q8_0", "Q5_1", "Q5_0", "Q4_1", "Q4_0"] as const;
export type GgufType = (typeof GGUF_TYPES)[number];

/** Bytes of one part of an upload at most. */
export const MODEL_PART_BYTES = 8 * 1024 * 1024;

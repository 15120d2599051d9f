import { AppError } from "../../../kernel/errors.ts";
import { BUILTIN } from "./catalogue/catalogue.ts";
import { type Prefixes, prefixesOf } from "./catalogue/prefixes.ts";
import type { ModelFiles } from "./model-files.ts";

/** What an index has to know of the model that makes its vectors. Vectors of two hashes are never compared. */
export type Embedder = {
  readonly modelId: string;
  readonly dimensions: number;
  /** SHA-256 of the weights. */
  readonly hash: string;
  /** What stands before each query and each passage; null for nothing. */
  readonly prefixes: Prefixes | null;
  /** How many tokens one text may have, prefix included. Null if only `maxCharacters` limits it. */
  readonly contextTokens: number | null;
  /** How many characters one text may have; null if only tokens limit it. */
  readonly maxCharacters: number | null;
  /** Whether vectors have the length 1. */
  readonly normalised: boolean;
};
/** Whether a model can be used now, or how far its download is. */
export type Installation =
  | { readonly state: "ready" }
  | {
      readonly state: "pulling";
      /** The current step, in words. */
      readonly step: string;
      readonly receivedBytes: number;
      readonly totalBytes: number | null;
    };

/** Describes a usable embedding model. Throws `conflict` if it is not on this machine, and `invalid_request` for a chat model. */
export function describeEmbedder(shelf: Pick<ModelFiles, "get" | "isUsable">, modelId: string): Embedder {
  const { kind, dimensions, sha256, contextTokens, error } = shelf.get(modelId);
  if (kind !== "embedding")
    throw new AppError("invalid_request", {
      message: `"${modelId}" is a chat model. Choose an embedding model.`,
      details: { param: "modelId" },
    });
  if (!shelf.isUsable(modelId) || dimensions === null || sha256 === null)
    throw new AppError("conflict", { message: error ?? `"${modelId}" is not on this machine. Pull it first.` });
  const isBuiltin = modelId === BUILTIN.id;
  return {
    modelId,
    dimensions,
    hash: sha256,
    prefixes: prefixesOf(modelId),
    contextTokens: isBuiltin ? null : contextTokens,
    maxCharacters: isBuiltin ? BUILTIN.maxCharacters : null,
    normalised: true,
  };
}

import type { CallKnowledge, Variant, VariantKnowledge } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Call } from "../request/read-call.ts";
import { canGround } from "../request/take-knowledge.ts";

/** How a call uses a knowledge base, with all defaults. */
export type KnowledgeSettings = {
  readonly knowledgeBaseId: string;
  readonly version: number | undefined;
  readonly principals: readonly string[];
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly chunks: number;
  readonly minScore: number | undefined;
  readonly history: boolean;
  readonly citations: "remove" | "flag";
  readonly whenNotFound: string;
  readonly instructions: string;
};

const CHUNKS = 6;
const WHEN_NOT_FOUND = "The documents do not answer this question.";
const INSTRUCTIONS = "Answer the question of the user from the passages, and from nothing else.";

/**
 * How a call uses a knowledge base: the fields of the request over those of the variant. Null for a call that uses none. Throws
 * `forbidden` for a caller who may not search, and `invalid_request` without a knowledge base.
 */
export function knowledgeOf(
  { knowledge: own, scope, format, request }: Pick<Call, "knowledge" | "scope" | "format" | "request">,
  variant: Variant | null,
): KnowledgeSettings | null {
  const usual = variant?.knowledge ?? null;
  if (!own && !usual) return null;
  if (!canGround(format)) throw noPlace(request.model);
  if (own && !scope.permissions.has("knowledge:read")) throw notAllowed();
  const merged = merge(usual, own ?? {});
  const { knowledgeBaseId } = merged;
  if (knowledgeBaseId === undefined) throw noBase();
  return {
    knowledgeBaseId,
    version: merged.version,
    principals: [...new Set(merged.principals)].toSorted(),
    metadata: merged.metadata,
    chunks: merged.chunks ?? CHUNKS,
    minScore: merged.minScore,
    history: merged.history ?? false,
    citations: merged.citations ?? "remove",
    whenNotFound: merged.whenNotFound ?? WHEN_NOT_FOUND,
    instructions: merged.instructions ?? INSTRUCTIONS,
  };
}

/** A version and the metadata belong to their base, so another base in the request drops those of the variant. */
function merge(usual: VariantKnowledge | null, own: CallKnowledge): CallKnowledge {
  if (usual === null) return own;
  const isOther = own.knowledgeBaseId !== undefined && own.knowledgeBaseId !== usual.knowledgeBaseId;
  const { version: _, metadata: _metadata, ...shared } = usual;
  return { ...(isOther ? shared : usual), ...own };
}

const noPlace = (model: string) =>
  new AppError("unprocessable", {
    message: `"${model}" answers from a knowledge base, which a request of this format cannot do. Use chat completions, responses or messages.`,
    details: { param: "model" },
  });
const notAllowed = () =>
  new AppError("forbidden", {
    message:
      "A request with `knowledge` searches a knowledge base, which needs the permission knowledge:read. Use a key that has it, or an endpoint whose variant has the knowledge base.",
  });
const noBase = () =>
  new AppError("invalid_request", {
    message:
      "`knowledge.knowledgeBaseId` is missing, and the model is no endpoint with a knowledge base. Name the knowledge base.",
    details: { param: "knowledge.knowledgeBaseId" },
  });

import { isRecord } from "../../../../../kernel/is-record.ts";
import { type JsonRecord, parseJson, recordsOf, textOf } from "./json.ts";

/**
 * An entry of `reasoning_details`, in the shape that OpenRouter introduced: `reasoning.text` with a signature,
 * `reasoning.summary`, or `reasoning.encrypted`. `format` names the provider, because no other can read the entry again.
 * In a stream, the gateway sends each entry whole, after its text as `reasoning_content`.
 */
export type ReasoningDetail = JsonRecord;

export const ANTHROPIC_FORMAT = "anthropic-claude-v1";
export const GEMINI_FORMAT = "google-gemini-v1";

type Thinker = {
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly reasoning_details?: unknown;
};

/** The reasoning text of a message or a delta, from any of the common fields. */
export function thoughtsOf(message: Thinker): string {
  const words = textOf(message.reasoning_content) || textOf(message.reasoning);
  if (words !== "") return words;
  return detailsOf(message)
    .map((detail) => textOf(detail.text) || textOf(detail.summary))
    .join("");
}

export const detailsOf = (message: Thinker): ReasoningDetail[] => recordsOf(message.reasoning_details);

const SEAL = "treadle.";

/** Packs any provider's reasoning into one opaque text, for formats that only have such a text. */
export const seal = (details: readonly ReasoningDetail[]): string =>
  SEAL + Buffer.from(JSON.stringify(details)).toString("base64url");

/** Reverses `seal`. Undefined for an opaque text from anywhere else. */
export function unseal(text: string): ReasoningDetail[] | undefined {
  if (!text.startsWith(SEAL)) return undefined;
  const value = parseJson(Buffer.from(text.slice(SEAL.length), "base64url").toString());
  return Array.isArray(value) ? value.filter(isRecord) : undefined;
}

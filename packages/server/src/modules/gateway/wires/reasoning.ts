import { isRecord, type JsonRecord, parseJson, recordsOf, textOf } from "./json.ts";

/**
 * A model's thought in `reasoning_details`, in the shape that OpenRouter made common: `reasoning.text` with a signature,
 * `reasoning.summary`, or `reasoning.encrypted`. `format` says whose thought it is, since only its maker can read it again.
 * In a stream, an entry of ours always comes whole, after its text has come as `reasoning_content`.
 */
export type ReasoningDetail = JsonRecord;

export const ANTHROPIC_FORMAT = "anthropic-claude-v1";
export const GEMINI_FORMAT = "google-gemini-v1";

type Thinker = {
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly reasoning_details?: unknown;
};

/** The thoughts of a message or a delta as words, whichever of the common fields they are in. */
export function thoughtsOf(message: Thinker): string {
  const words = textOf(message.reasoning_content) || textOf(message.reasoning);
  if (words !== "") return words;
  return detailsOf(message)
    .map((detail) => textOf(detail.text) || textOf(detail.summary))
    .join("");
}

export const detailsOf = (message: Thinker): ReasoningDetail[] => recordsOf(message.reasoning_details);

const SEAL = "treadle.";

/** Packs thoughts of any maker into one opaque text, for wires that carry only such a text. */
export const seal = (details: readonly ReasoningDetail[]): string =>
  SEAL + Buffer.from(JSON.stringify(details)).toString("base64url");

/** Undoes `seal`; undefined for an opaque text of someone else. */
export function unseal(text: string): ReasoningDetail[] | undefined {
  if (!text.startsWith(SEAL)) return undefined;
  const value = parseJson(Buffer.from(text.slice(SEAL.length), "base64url").toString());
  return Array.isArray(value) ? value.filter(isRecord) : undefined;
}

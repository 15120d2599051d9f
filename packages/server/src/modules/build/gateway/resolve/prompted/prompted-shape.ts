import type { RenderedPrompt } from "@treadle/contract";
import type { JsonRecord } from "../../formats/hub/json.ts";

/** Merges a stored prompt into a request of one format; the caller's own fields win. One file each: chat.ts, responses.ts, messages.ts, count-tokens.ts. */
export type PromptedShape = (rendered: RenderedPrompt, own: JsonRecord) => JsonRecord;

/** OpenAI has two names for one limit, and rejects a request with both. */
export const limitOf = ({ max_tokens: former, max_completion_tokens: limit }: JsonRecord): unknown => limit ?? former;

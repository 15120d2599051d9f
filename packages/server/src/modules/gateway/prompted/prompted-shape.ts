import type { RenderedPrompt } from "@treadle/contract";
import type { JsonRecord } from "../wires/json.ts";

/** Members, one file each: chat.ts, responses.ts, messages.ts, count-tokens.ts. A stored prompt in a request of one shape; what the caller gives wins. */
export type PromptedShape = (rendered: RenderedPrompt, own: JsonRecord) => JsonRecord;

/** OpenAI has two names for one limit, and refuses both at once. */
export const limitOf = ({ max_tokens: former, max_completion_tokens: limit }: JsonRecord): unknown => limit ?? former;

import { isRecord } from "../../../../../kernel/is-record.ts";
import { type JsonRecord, recordOf, textOf } from "../hub/json.ts";

type Countable = { readonly messages: readonly unknown[]; readonly system?: unknown; readonly tools?: unknown };

/** The cost of the largest image that Anthropic does not shrink, from its documentation. The real size is unknown without decoding. */
const TOKENS_PER_IMAGE = 1_600;
/** A page of a PDF costs 1500 to 3000 tokens and takes about 50 kB. */
const TOKENS_PER_PDF_BYTE = 2_250 / 50_000;
const TOKENS_PER_MESSAGE = 4;

type Count = { texts: string[]; tokens: number };

function countSource(block: JsonRecord, count: Count) {
  const source = recordOf(block.source);
  if (source.type === "text") count.texts.push(textOf(source.data));
  else if (block.type === "document")
    count.tokens += Math.max(TOKENS_PER_IMAGE, Math.round(textOf(source.data).length * 0.75 * TOKENS_PER_PDF_BYTE));
  else count.tokens += TOKENS_PER_IMAGE;
}

function countContent(content: unknown, count: Count) {
  if (typeof content === "string") count.texts.push(content);
  if (!Array.isArray(content)) return;
  for (const block of content.filter(isRecord)) {
    if (block.type === "image" || block.type === "document") countSource(block, count);
    else if (block.type === "tool_use") count.texts.push(textOf(block.name), JSON.stringify(block.input ?? {}));
    else if (block.type === "tool_result") countContent(block.content, count);
    else count.texts.push(textOf(block.text), textOf(block.thinking));
  }
}

/**
 * Estimates the tokens of messages in Anthropic's format, for providers that do not count them.
 * Counts with OpenAI's o200k vocabulary; other vocabularies differ by 10 to 30 percent. Images and PDFs count at a flat rate.
 */
export async function estimateMessageTokens(request: Countable): Promise<number> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base"); // 2 MB that most servers never need
  const count: Count = { texts: [], tokens: 0 };
  countContent(request.system, count);
  for (const message of request.messages.filter(isRecord)) {
    count.tokens += TOKENS_PER_MESSAGE;
    countContent(message.content, count);
  }
  if (Array.isArray(request.tools)) count.texts.push(...request.tools.map((tool) => JSON.stringify(tool)));
  const special = { allowedSpecial: "all" } as const;
  return count.texts.reduce((sum, text) => sum + (text === "" ? 0 : countTokens(text, special)), count.tokens);
}

import { isRecord, type JsonRecord, recordOf, textOf } from "./json.ts";

type Countable = { readonly messages: readonly unknown[]; readonly system?: unknown; readonly tools?: unknown };

/** Anthropic's documentation: the largest image it does not shrink costs about this much. We do not know its size without decoding it. */
const TOKENS_PER_IMAGE = 1_600;
/** A page of PDF costs 1500 to 3000 tokens, and is some 50 kB. */
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
 * About how many tokens Anthropic-shaped messages come to, for models whose provider has no such call.
 * Counted with OpenAI's o200k vocabulary; other vocabularies differ by some tenths. Images and PDFs go in at a flat rate.
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

import { createHash } from "node:crypto";
import type { ChatRequest } from "@treadle/contract";
import { withCallIds } from "./fit-call-ids.ts";
import { isRecord, type JsonRecord, recordsOf, textOf } from "./json.ts";
import { inTemplateOrder } from "./template-order.ts";

/** What the hub's messages hold beyond OpenAI's own shape. Strict servers answer 400 to any of it, so each service gets only what it reads. */
const EXTRAS = ["reasoning_content", "reasoning_details", "cache_control", "is_error", "images"] as const;
const READS: Readonly<Record<string, readonly string[]>> = {
  openrouter: ["reasoning_details", "cache_control"],
  deepseek: ["reasoning_content"],
  vllm: ["reasoning_content"],
};
const TAKES_TOP_K = new Set(["openrouter", "together", "fireworks", "vllm", "ollama", "lmstudio", "openai-compatible"]);
/** Whose newer models refuse `max_tokens`, the older name. */
const NEWER_LIMIT = new Set(["openai", "azure"]);
/** Who brings messages into an order that the model takes. Others put them into the model's template as they are. */
const TAKES_ANY_ORDER = new Set(["openai", "azure", "openrouter"]);
/** Several services refuse a longer name of a user with 400, at 64 or 128 characters. Coding agents send longer ones to Anthropic. */
const LONGEST_USER = 64;

function without(record: JsonRecord, names: readonly string[]): JsonRecord {
  const copy: Record<string, unknown> = { ...record };
  for (const name of names) delete copy[name];
  return copy;
}

/** A tool's result can only be text in OpenAI's shape; what else it holds is shown in a user's message behind the results. */
function fitToolResult(message: JsonRecord): { result: JsonRecord; shown: JsonRecord[] } {
  const parts = recordsOf(message.content);
  const text = Array.isArray(message.content)
    ? parts.map((part) => textOf(part.text)).join("")
    : textOf(message.content);
  const shown = parts.filter((part) => part.type !== "text");
  const said = text === "" && shown.length > 0 ? "The result is in the next message." : text;
  return { result: { ...message, content: message.is_error === true ? `Error: ${said}` : said }, shown };
}

function fitMessages(messages: ChatRequest["messages"], extras: readonly string[]): ChatRequest["messages"] {
  const fitted: JsonRecord[] = [];
  let shown: JsonRecord[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      const { result, shown: more } = fitToolResult(message);
      fitted.push(without(result, extras));
      shown.push(...more);
      continue;
    }
    if (shown.length > 0) fitted.push({ role: "user", content: shown });
    shown = [];
    fitted.push(without(message, extras));
  }
  if (shown.length > 0) fitted.push({ role: "user", content: shown });
  return fitted.map((message) => ({ ...message, role: textOf(message.role), ...fitLists(message, extras) }));
}

/** The same for what a message lists: its parts and its calls. */
function fitLists(message: JsonRecord, extras: readonly string[]): JsonRecord {
  const fit = (list: unknown) =>
    Array.isArray(list) ? list.map((entry) => (isRecord(entry) ? without(entry, extras) : entry)) : list;
  return {
    ...(Array.isArray(message.content) && { content: fit(message.content) }),
    ...(Array.isArray(message.tool_calls) && { tool_calls: fit(message.tool_calls) }),
  };
}

const orderFor = (preset: string, messages: ChatRequest["messages"]) =>
  TAKES_ANY_ORDER.has(preset) ? messages : inTemplateOrder(messages);

/**
 * A request that came in another shape, as OpenAI-compatible servers take it. `preset` is the service's id.
 * What OpenAI's callers send themselves passes through elsewhere, untouched.
 */
export function fitOpenAi(request: ChatRequest, preset: string): { request: ChatRequest; warnings: string[] } {
  const kept = READS[preset] ?? [];
  const extras = EXTRAS.filter((name) => !kept.includes(name));
  const { max_tokens: limit, top_k: topK, ...rest } = request;
  const hasTopK = topK !== undefined && topK !== null;
  const isLeftOut = hasTopK && !TAKES_TOP_K.has(preset);
  const user = textOf(request.user);
  const fitted: ChatRequest = {
    ...rest,
    ...(user.length > LONGEST_USER && { user: createHash("sha256").update(user).digest("hex") }),
    ...(limit !== undefined &&
      limit !== null && { [NEWER_LIMIT.has(preset) ? "max_completion_tokens" : "max_tokens"]: limit }),
    ...(hasTopK && !isLeftOut && { top_k: topK }),
    messages: orderFor(preset, fitMessages(request.messages, extras)).map((message) => withCallIds(message, preset)),
    ...(request.tools && { tools: request.tools.map((tool) => ({ ...without(tool, extras) })) }),
  };
  return { request: fitted, warnings: isLeftOut ? ["This provider has no `top_k`; it was left out."] : [] };
}

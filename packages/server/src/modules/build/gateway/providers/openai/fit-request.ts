import { createHash } from "node:crypto";
import type { ChatRequest } from "@treadle/contract";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { type JsonRecord, recordsOf, textOf } from "../../formats/hub/json.ts";
import { withCallIds } from "./fit-call-ids.ts";
import { inTemplateOrder } from "./template-order.ts";

/** Fields of the hub's messages that OpenAI's own shape lacks. Strict servers reject them with 400, so each service receives only the ones it reads. */
const EXTRA_FIELDS = ["reasoning_content", "reasoning_details", "cache_control", "is_error", "images"] as const;
const READS: Readonly<Record<string, readonly string[]>> = {
  openrouter: ["reasoning_details", "cache_control"],
  deepseek: ["reasoning_content"],
  vllm: ["reasoning_content"],
};
const TAKES_TOP_K = new Set(["openrouter", "together", "fireworks", "vllm", "ollama", "lmstudio", "openai-compatible"]);
/** Services whose newer models reject `max_tokens`, the older name. */
const NEWER_LIMIT = new Set(["openai", "azure"]);
/** Services that reorder messages for the model. Others apply the model's template to the given order. */
const TAKES_ANY_ORDER = new Set(["openai", "azure", "openrouter"]);
/** Several services reject a longer user id with 400, at 64 or 128 characters. Coding agents send longer ones to Anthropic. */
const MAX_USER_CHARACTERS = 64;

function without(record: JsonRecord, names: readonly string[]): JsonRecord {
  const copy: Record<string, unknown> = { ...record };
  for (const name of names) delete copy[name];
  return copy;
}

/** In OpenAI's shape a tool result is text only. Its other parts go into a user message after the results. */
function fitToolResult(message: JsonRecord): { result: JsonRecord; shown: JsonRecord[] } {
  const parts = recordsOf(message.content);
  const text = Array.isArray(message.content)
    ? parts.map((part) => textOf(part.text)).join("")
    : textOf(message.content);
  const shown = parts.filter((part) => part.type !== "text");
  const content = text === "" && shown.length > 0 ? "The result is in the next message." : text;
  return { result: { ...message, content: message.is_error === true ? `Error: ${content}` : content }, shown };
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

/** The same for the lists of a message: its parts and its tool calls. */
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
 * Adapts a request from another format to an OpenAI-compatible server. `preset` is the id of the service.
 * A request in OpenAI's own format passes through unchanged and does not come here.
 */
export function fitOpenAi(request: ChatRequest, preset: string): { request: ChatRequest; warnings: string[] } {
  const keptFields = READS[preset] ?? [];
  const extras = EXTRA_FIELDS.filter((name) => !keptFields.includes(name));
  const { max_tokens: limit, top_k: topK, ...rest } = request;
  const hasTopK = topK !== undefined && topK !== null;
  const isLeftOut = hasTopK && !TAKES_TOP_K.has(preset);
  const user = textOf(request.user);
  const fitted: ChatRequest = {
    ...rest,
    ...(user.length > MAX_USER_CHARACTERS && { user: createHash("sha256").update(user).digest("hex") }),
    ...(limit !== undefined &&
      limit !== null && { [NEWER_LIMIT.has(preset) ? "max_completion_tokens" : "max_tokens"]: limit }),
    ...(hasTopK && !isLeftOut && { top_k: topK }),
    messages: orderFor(preset, fitMessages(request.messages, extras)).map((message) => withCallIds(message, preset)),
    ...(request.tools && { tools: request.tools.map((tool) => ({ ...without(tool, extras) })) }),
  };
  return { request: fitted, warnings: isLeftOut ? ["This provider has no `top_k`; it was left out."] : [] };
}

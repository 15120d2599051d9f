import type { ResponsesRequest } from "@treadle/contract";
import { citationsIn } from "../hub/cited.ts";
import type { ChatMessage, ChatResponse } from "../hub/hub.ts";
import { type JsonRecord, recordOf, recordsOf, textOf } from "../hub/json.ts";
import { detailsOf, type ReasoningDetail, seal, thoughtsOf } from "../hub/reasoning.ts";
import { searchItems, toAnnotation } from "./file-search.ts";
import { customInput, type KnownTool, planTools, type ToolPlan } from "./tools.ts";
import { responsesLogprobs, responsesUsage } from "./usage.ts";

type Status = "in_progress" | "completed" | "incomplete" | "failed";

/** The unique part of an id, without the prefix of its API. */
export const idCore = (id: string) => id.replace(/^(chatcmpl-|resp_|msg_|gen-)/, "");

export function reasoningItem(id: string, words: string, details: readonly ReasoningDetail[]): JsonRecord {
  const sealed = details.filter((detail) => textOf(detail.signature) !== "" || textOf(detail.data) !== "");
  return {
    id,
    type: "reasoning",
    summary: words === "" ? [] : [{ type: "summary_text", text: words }],
    ...(sealed.length > 0 && { encrypted_content: seal(sealed) }),
    status: "completed",
  };
}

type TextMore = { readonly logprobs?: readonly JsonRecord[]; readonly annotations?: readonly JsonRecord[] };

export const textPart = (text: string, { logprobs = [], annotations = [] }: TextMore = {}): JsonRecord => ({
  type: "output_text",
  text,
  annotations: [...annotations],
  logprobs,
});

export const messageItem = (id: string, status: Status, content: readonly JsonRecord[]): JsonRecord => ({
  id,
  type: "message",
  status,
  role: "assistant",
  content,
});

/** A call under the name that the model sees; `arguments` is JSON. */
export type CalledTool = {
  readonly id: string;
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
  /** The caller's tool of that name; undefined if the caller sent none. */
  readonly tool: KnownTool | undefined;
};

/** The id of an item by its position in the answer. */
export const callItemId = (tool: KnownTool | undefined, place: string) =>
  `${tool?.kind === "custom" ? "ctc" : "fc"}_${place}`;

export function callItem(call: CalledTool, status: Status): JsonRecord {
  const { tool } = call;
  const isCustom = tool?.kind === "custom";
  return {
    id: call.id,
    type: isCustom ? "custom_tool_call" : "function_call",
    status,
    call_id: call.callId,
    name: tool?.name ?? call.name,
    ...(tool && tool.namespace !== "" && { namespace: tool.namespace }),
    ...(isCustom ? { input: customInput(call.arguments) } : { arguments: call.arguments }),
  };
}

/** The reason why an answer is incomplete; null for a complete one. */
export function incompleteReason(finishReason: string | null): string | null {
  if (finishReason === "length") return "max_output_tokens";
  return finishReason === "content_filter" ? "content_filter" : null;
}

type Shell = {
  readonly id: string;
  readonly model: string;
  /** In seconds. */
  readonly createdAt: number;
  readonly status: Status;
  readonly output: readonly JsonRecord[];
  readonly usage: JsonRecord | null;
  readonly incomplete?: string | null;
  readonly error?: JsonRecord | null;
  /** The knowledge that the answer was made from. */
  readonly knowledge?: unknown;
};

/** The Response object around the items. It repeats the request as OpenAI does. */
export function responseShell(request: ResponsesRequest, shell: Shell): JsonRecord {
  const reasoning = recordOf(request.reasoning);
  return {
    id: shell.id,
    object: "response",
    created_at: shell.createdAt,
    status: shell.status,
    background: false,
    error: shell.error ?? null,
    incomplete_details: shell.incomplete ? { reason: shell.incomplete } : null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    model: shell.model,
    output: shell.output,
    parallel_tool_calls: request.parallel_tool_calls !== false,
    previous_response_id: null,
    reasoning: { effort: reasoning.effort ?? null, summary: reasoning.summary ?? null },
    store: false,
    temperature: request.temperature ?? null,
    text: { ...recordOf(request.text), format: recordOf(request.text).format ?? { type: "text" } },
    tool_choice: request.tool_choice ?? "auto",
    tools: request.tools ?? [],
    top_logprobs: request.top_logprobs ?? 0,
    top_p: request.top_p ?? null,
    truncation: request.truncation ?? "disabled",
    usage: shell.usage,
    user: request.user ?? null,
    metadata: recordOf(request.metadata),
    ...(shell.knowledge !== undefined && { knowledge: shell.knowledge }),
  };
}

/** What a message says: its text with citations, and a refusal. */
function partsOf({ message, logprobs }: ChatResponse["choices"][number]): JsonRecord[] {
  const text = textIn(message.content);
  const more = {
    logprobs: responsesLogprobs(logprobs),
    annotations: citationsIn(message.annotations).map(toAnnotation),
  };
  const refusal = textOf(message.refusal);
  return [...(text === "" ? [] : [textPart(text, more)]), ...(refusal === "" ? [] : [{ type: "refusal", refusal }])];
}

const textIn = (content: ChatMessage["content"]): string =>
  typeof content === "string"
    ? content
    : recordsOf(content)
        .map((part) => textOf(part.text))
        .join("");

function outputOf(response: ChatResponse, core: string, known: ToolPlan["known"]): JsonRecord[] {
  const choice = response.choices[0];
  if (!choice) return [];
  const { message } = choice;
  const status = incompleteReason(choice.finish_reason) === null ? "completed" : "incomplete";
  const details = detailsOf(message);
  const words = thoughtsOf(message);
  const parts = partsOf(choice);
  const calls = (message.tool_calls ?? []).map((call, index) => {
    const name = call.function.name ?? "";
    const tool = known.get(name);
    const called = {
      id: callItemId(tool, `${core}_${index}`),
      callId: call.id || `call_${core}_${index}`,
      name,
      arguments: call.function.arguments ?? "",
      tool,
    };
    return callItem(called, "completed");
  });
  const isEmpty = parts.length === 0 && calls.length === 0;
  return [
    ...(words !== "" || details.length > 0 ? [reasoningItem(`rs_${core}`, words, details)] : []),
    ...(parts.length > 0 || isEmpty ? [messageItem(`msg_${core}`, status, isEmpty ? [textPart("")] : parts)] : []),
    ...calls,
  ];
}

/** The hub's response as OpenAI's Response object, from its first choice. */
export function responsesFromChat(response: ChatResponse, request: ResponsesRequest): JsonRecord {
  const core = idCore(response.id);
  const incomplete = incompleteReason(response.choices[0]?.finish_reason ?? null);
  return responseShell(request, {
    id: `resp_${core}`,
    model: response.model,
    createdAt: response.created,
    status: incomplete === null ? "completed" : "incomplete",
    output: [...searchItems(response, core, request), ...outputOf(response, core, planTools(request.tools).known)],
    usage: responsesUsage(response.usage),
    incomplete,
    knowledge: response.knowledge,
  });
}

import { isRecord } from "../../../../../kernel/is-record.ts";
import { chunkOf, usageOf } from "../hub/chunks.ts";
import {
  type ChatChunk,
  type ChatMessage,
  type ChatResponse,
  type ChatUsage,
  type ChunkReader,
  type StreamEvent,
  type ToolCall,
  UpstreamStreamError,
} from "../hub/hub.ts";
import { countOf, type JsonRecord, recordOf, recordsOf, textOf } from "../hub/json.ts";
import { calledName } from "./tools.ts";

/** OpenAI's response object in the hub's shape: text, reasoning and tool calls. Items of built-in tools are left out. */
export function readResponses(response: JsonRecord): ChatResponse {
  const items = recordsOf(response.output);
  const usage = usageIn(response.usage);
  return {
    id: textOf(response.id),
    object: "chat.completion",
    created: countOf(response.created_at),
    model: textOf(response.model),
    choices: [{ index: 0, message: toMessage(items), finish_reason: finishOf(response, items) }],
    ...(usage && { usage }),
  };
}

const isCall = ({ type }: JsonRecord) => type === "function_call" || type === "custom_tool_call";

function toMessage(items: readonly JsonRecord[]): ChatMessage {
  const parts = items.filter(({ type }) => type === "message").flatMap(({ content }) => recordsOf(content));
  const calls: ToolCall[] = items.filter(isCall).map((item) => ({
    id: textOf(item.call_id),
    type: "function",
    function: {
      name: calledName({ name: textOf(item.name), namespace: textOf(item.namespace) }),
      arguments: item.type === "custom_tool_call" ? JSON.stringify({ input: item.input }) : textOf(item.arguments),
    },
  }));
  const thoughts = items
    .filter(({ type }) => type === "reasoning")
    .flatMap(({ summary, content }) => [...recordsOf(summary), ...recordsOf(content)]);
  const refusal = parts.map((part) => textOf(part.refusal)).join("");
  const reasoning = thoughts.map((part) => textOf(part.text)).join("\n");
  const content = parts.map((part) => textOf(part.text)).join("");
  return {
    role: "assistant",
    content: content === "" && calls.length > 0 ? null : content,
    ...(reasoning !== "" && { reasoning_content: reasoning }),
    ...(refusal !== "" && { refusal }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function finishOf({ status, incomplete_details: details }: JsonRecord, items: readonly JsonRecord[]): string | null {
  if (status === "incomplete") return recordOf(details).reason === "content_filter" ? "content_filter" : "length";
  if (status !== "completed") return null;
  return items.some(isCall) ? "tool_calls" : "stop";
}

function usageIn(value: unknown): ChatUsage | undefined {
  if (!isRecord(value)) return undefined;
  return usageOf({
    input: countOf(value.input_tokens),
    output: countOf(value.output_tokens),
    cached: countOf(recordOf(value.input_tokens_details).cached_tokens),
    reasoning: countOf(recordOf(value.output_tokens_details).reasoning_tokens),
  });
}

const FINAL = new Set(["response.completed", "response.incomplete", "response.failed"]);

/** Reads the events of OpenAI's responses. The last event has the whole answer. Without it, the text of the earlier events counts. */
export function responsesReader(asked: { readonly model: string; readonly now: number }): ChunkReader {
  const head = { id: "", model: asked.model, now: asked.now };
  let sentText = "";

  function read({ value }: StreamEvent): ChatChunk[] {
    const event = recordOf(value);
    const type = textOf(event.type);
    if (type === "error" || type === "response.failed") throw new UpstreamStreamError(errorIn(event));
    if (type === "response.output_text.delta") {
      sentText += textOf(event.delta);
      return [chunkOf(head, { delta: { content: textOf(event.delta) } })];
    }
    if (!FINAL.has(type)) return [];
    const whole = readResponses(recordOf(event.response));
    const [choice] = whole.choices;
    const { content, ...rest } = choice?.message ?? { content: "" };
    const delta = { ...rest, content: sentText === "" && typeof content === "string" ? content : "" };
    return [
      {
        ...chunkOf({ ...head, id: whole.id, model: whole.model }, { delta, finish: choice?.finish_reason }),
        usage: whole.usage,
      },
    ];
  }
  return { read, end: () => [] };
}

function errorIn(event: JsonRecord) {
  const error = recordOf(recordOf(event.response).error ?? event.error ?? event);
  return {
    message: textOf(error.message) || "The provider reported an error without a message.",
    type: textOf(error.type) || null,
    code: textOf(error.code) || null,
  };
}

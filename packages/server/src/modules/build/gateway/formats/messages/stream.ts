import type { MessagesRequest } from "@treadle/contract";
import { citationsIn, piecesOf } from "../hub/cited.ts";
import type { StreamWriter } from "../hub/format.ts";
import { type ChatChunk, type ChatMessage, type ChatUsage, type ToolCall, UpstreamStreamError } from "../hub/hub.ts";
import { type JsonRecord, textOf } from "../hub/json.ts";
import { detailsOf, type ReasoningDetail, seal, thoughtsOf } from "../hub/reasoning.ts";
import { writeEvent } from "../hub/server-events.ts";
import { toLocation } from "./citations.ts";
import { isClaudeThought, messageId, messagesUsage, stopOf } from "./response.ts";

type Meta = { readonly id: string; readonly model: string; readonly now: number };
type Open = { readonly kind: "thinking" | "text" } | { readonly kind: "tool"; readonly call: number };
type State = {
  readonly meta: Meta;
  isStarted: boolean;
  blocks: number;
  open: Open | null;
  /** Whether reasoning arrived as separate text, so that the text in `reasoning_details` repeats it. */
  hasWords: boolean;
  calls: Set<number>;
  finish: string | null;
  stopSequence: string | undefined;
  isRefusal: boolean;
  /** Characters of text that were sent. */
  length: number;
  usage: ChatUsage | null;
};

const send = (value: JsonRecord) => writeEvent(value, textOf(value.type));

function start(state: State, chunk: ChatChunk | null): string {
  if (state.isStarted) return "";
  state.isStarted = true;
  const message = {
    id: messageId(chunk?.id || state.meta.id),
    type: "message",
    role: "assistant",
    model: chunk?.model || state.meta.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    // The hub has the token counts only at the end. `message_delta` corrects these.
    usage: messagesUsage(chunk?.usage),
    ...(chunk?.knowledge !== undefined && { knowledge: chunk.knowledge }),
  };
  return send({ type: "message_start", message });
}

function close(state: State): string {
  if (!state.open) return "";
  state.open = null;
  return send({ type: "content_block_stop", index: state.blocks - 1 });
}

function openBlock(state: State, open: Open, block: JsonRecord): string {
  const closed = close(state);
  state.open = open;
  return closed + send({ type: "content_block_start", index: state.blocks++, content_block: block });
}

const grow = (state: State, delta: JsonRecord) => send({ type: "content_block_delta", index: state.blocks - 1, delta });

function thinkOn(state: State, words: string): string {
  const opened =
    state.open?.kind === "thinking"
      ? ""
      : openBlock(state, { kind: "thinking" }, { type: "thinking", thinking: "", signature: "" });
  return opened + grow(state, { type: "thinking_delta", thinking: words });
}

/** A signature belongs to the open thinking block. Without an open block, it is encrypted thinking. */
function sign(state: State, signature: string): string {
  if (state.open?.kind === "thinking") return grow(state, { type: "signature_delta", signature }) + close(state);
  return openBlock(state, { kind: "thinking" }, { type: "redacted_thinking", data: signature }) + close(state);
}

function addDetail(state: State, detail: ReasoningDetail): string {
  if (!isClaudeThought(detail)) {
    // Entries without data that the provider needs are not sealed.
    return textOf(detail.signature) === "" && textOf(detail.data) === "" ? "" : sign(state, seal([detail]));
  }
  if (detail.type === "reasoning.encrypted") {
    return (
      openBlock(state, { kind: "thinking" }, { type: "redacted_thinking", data: textOf(detail.data) }) + close(state)
    );
  }
  const signature = textOf(detail.signature);
  if (state.open?.kind === "thinking") return signature === "" ? "" : sign(state, signature);
  const block = { type: "thinking", thinking: "", signature: "" };
  return openBlock(state, { kind: "thinking" }, block) + sign(state, signature);
}

/** A whole answer sent as a stream has all of its thinking in one delta. Each entry becomes a block with its signature. */
function addWholeThoughts(state: State, details: readonly ReasoningDetail[]): string {
  return details
    .map(
      (detail) =>
        (textOf(detail.text) === "" ? "" : thinkOn(state, textOf(detail.text))) +
        addDetail(state, detail) +
        close(state),
    )
    .join("");
}

function addThoughts(state: State, delta: Partial<ChatMessage> & { reasoning?: unknown }): string {
  const words = textOf(delta.reasoning_content) || textOf(delta.reasoning);
  const details = detailsOf(delta);
  const isWhole =
    words !== "" && details.every(isClaudeThought) && details.map((detail) => textOf(detail.text)).join("") === words;
  if (words !== "") state.hasWords = true;
  if (isWhole) return addWholeThoughts(state, details);
  const shown = words !== "" || state.hasWords ? words : thoughtsOf(delta);
  const spoken = shown === "" ? "" : thinkOn(state, shown);
  return spoken + details.map((detail) => addDetail(state, detail)).join("");
}

function addText(state: State, text: string): string {
  const opened = state.open?.kind === "text" ? "" : openBlock(state, { kind: "text" }, { type: "text", text: "" });
  state.length += text.length;
  return text === "" ? opened : opened + grow(state, { type: "text_delta", text });
}

/** A block of text ends behind the marks of its citations. */
function addCited(state: State, text: string, annotations: unknown): string {
  const citations = citationsIn(annotations);
  if (citations.length === 0) return text === "" ? "" : addText(state, text);
  return piecesOf(text, citations, state.length)
    .map((piece) => {
      const said = piece.text === "" && state.open?.kind === "text" ? "" : addText(state, piece.text);
      const cited = piece.citations.map((one) => grow(state, { type: "citations_delta", citation: toLocation(one) }));
      return said + cited.join("") + (piece.citations.length > 0 ? close(state) : "");
    })
    .join("");
}

function addCall(state: State, call: ToolCall, place: number): string {
  const index = call.index ?? place;
  let out = "";
  if (state.open?.kind !== "tool" || state.open.call !== index) {
    if (state.calls.has(index)) {
      throw new UpstreamStreamError({
        message: "The provider mixed the pieces of several tool calls, which Anthropic's stream cannot show.",
        type: "invalid_response",
        code: null,
      });
    }
    state.calls.add(index);
    const block = {
      type: "tool_use",
      id: call.id || `toolu_${index}`,
      name: call.function.name ?? "",
      input: {},
    };
    out = openBlock(state, { kind: "tool", call: index }, block);
  }
  const json = call.function.arguments ?? "";
  return json === "" ? out : out + grow(state, { type: "input_json_delta", partial_json: json });
}

function write(state: State, chunk: ChatChunk): string {
  const out = [start(state, chunk)];
  if (chunk.usage) state.usage = chunk.usage;
  const choice = chunk.choices.find(({ index }) => index === 0);
  if (!choice) return out.join("");
  const { delta } = choice;
  out.push(addThoughts(state, delta));
  out.push(addCited(state, textOf(delta.content), delta.annotations));
  if (textOf(delta.refusal) !== "") {
    state.isRefusal = true;
    out.push(addText(state, textOf(delta.refusal)));
  }
  out.push(...(delta.tool_calls ?? []).map((call, place) => addCall(state, call, place)));
  state.finish = choice.finish_reason ?? state.finish;
  state.stopSequence = choice.stop_sequence ?? state.stopSequence;
  return out.join("");
}

function end(state: State): string {
  const { finish, stopSequence } = state;
  const delta = state.isRefusal
    ? { stop_reason: "refusal", stop_sequence: null }
    : stopOf({ finish, stopSequence, hasTools: state.calls.size > 0 });
  return (
    start(state, null) +
    close(state) +
    send({ type: "message_delta", delta, usage: messagesUsage(state.usage) }) +
    send({ type: "message_stop" })
  );
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  422: "invalid_request_error",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
};

/** Writes the hub's chunks as Anthropic's events. Throws `UpstreamStreamError` if the deltas of several tool calls are interleaved. */
export function messagesWriter(_request: MessagesRequest, meta: Meta): StreamWriter {
  const state: State = {
    meta,
    isStarted: false,
    blocks: 0,
    open: null,
    hasWords: false,
    calls: new Set(),
    finish: null,
    stopSequence: undefined,
    isRefusal: false,
    length: 0,
    usage: null,
  };
  return {
    write: (chunk) => write(state, chunk),
    end: () => end(state),
    fail: ({ message, status }) =>
      send({ type: "error", error: { type: ERROR_TYPES[status] ?? "api_error", message } }),
  };
}

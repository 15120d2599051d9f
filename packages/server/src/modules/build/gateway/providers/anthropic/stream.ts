import { brokenAnswer, objectIn } from "../../formats/hub/answers.ts";
import { chunkOf, usageChunk } from "../../formats/hub/chunks.ts";
import type { ChatChunk, ChatMessage, ChunkReader } from "../../formats/hub/hub.ts";
import { type JsonRecord, numberOf, recordOf, textOf } from "../../formats/hub/json.ts";
import { anthropicUsage, finishReasonOf, reasoningDetailOf } from "./response.ts";
import { ANSWER_TOOL } from "./response-format.ts";

type Asked = { readonly model: string; readonly now: number; readonly includeUsage: boolean };
/** The open block. `text` is its thinking or the input of its tool so far. */
type Block = { readonly start: JsonRecord; text: string; signature: string; readonly toolIndex: number };
type State = {
  readonly asked: Asked;
  readonly head: { id: string; model: string; readonly now: number };
  readonly blocks: Map<number, Block>;
  usage: JsonRecord;
  tools: number;
  isAnswerTool: boolean;
  isDone: boolean;
};

const delta = (state: State, change: Partial<ChatMessage>) => [chunkOf(state.head, { delta: change })];

function startMessage(state: State, message: JsonRecord): ChatChunk[] {
  state.head.id = textOf(message.id);
  state.head.model = textOf(message.model) || state.asked.model;
  state.usage = recordOf(message.usage);
  return delta(state, { role: "assistant", content: "" });
}

function startBlock(state: State, position: number, start: JsonRecord): ChatChunk[] {
  const isTool = start.type === "tool_use";
  const isAnswer = isTool && start.name === ANSWER_TOOL;
  const block: Block = {
    start,
    text: "",
    signature: textOf(start.signature),
    toolIndex: isTool && !isAnswer ? state.tools++ : -1,
  };
  state.blocks.set(position, block);
  if (isAnswer) state.isAnswerTool = true;
  if (block.toolIndex !== -1) {
    const called = { name: textOf(start.name), arguments: "" };
    return delta(state, {
      tool_calls: [{ index: block.toolIndex, id: textOf(start.id), type: "function", function: called }],
    });
  }
  if (start.type === "text" && textOf(start.text) !== "") return delta(state, { content: textOf(start.text) });
  return start.type === "thinking" ? growThought(state, block, textOf(start.thinking)) : [];
}

function growThought(state: State, block: Block, text: string): ChatChunk[] {
  if (text === "") return [];
  block.text += text;
  return delta(state, { reasoning_content: text });
}

function growInput(state: State, block: Block, json: string): ChatChunk[] {
  if (json === "" || block.start.type !== "tool_use") return [];
  block.text += json;
  if (block.toolIndex === -1) return delta(state, { content: json });
  return delta(state, { tool_calls: [{ index: block.toolIndex, function: { arguments: json } }] });
}

function growBlock(state: State, position: number, change: JsonRecord): ChatChunk[] {
  const block = state.blocks.get(position);
  if (!block) throw brokenAnswer(`Anthropic sent a delta for block ${position}, which had not begun.`);
  switch (change.type) {
    case "text_delta":
      return textOf(change.text) === "" ? [] : delta(state, { content: textOf(change.text) });
    case "input_json_delta":
      return growInput(state, block, textOf(change.partial_json));
    case "thinking_delta":
      return growThought(state, block, textOf(change.thinking));
    case "signature_delta":
      block.signature += textOf(change.signature);
      return [];
    default:
      return []; // citations, and kinds that are not known yet
  }
}

function stopBlock(state: State, position: number): ChatChunk[] {
  const block = state.blocks.get(position);
  if (!block) return [];
  // A tool call without arguments has no delta, and the hub's readers parse the arguments as JSON.
  if (block.start.type === "tool_use" && block.text === "")
    return growInput(state, block, JSON.stringify(block.start.input ?? {}));
  const detail = reasoningDetailOf({ ...block.start, thinking: block.text, signature: block.signature }, position);
  return detail ? delta(state, { reasoning_details: [detail] }) : [];
}

function endMessage(state: State, change: JsonRecord, latest: JsonRecord): ChatChunk[] {
  // These counts are totals so far. A missing or null count leaves the one of `message_start`.
  const known = Object.entries(latest).filter(([, value]) => value !== null && value !== undefined);
  state.usage = { ...state.usage, ...Object.fromEntries(known) };
  if (textOf(change.stop_reason) === "") return [];
  const refusal = change.stop_reason === "refusal" ? textOf(recordOf(change.stop_details).explanation) : "";
  const finish = chunkOf(state.head, {
    finish: finishReasonOf(change.stop_reason, state.isAnswerTool),
    stopSequence: typeof change.stop_sequence === "string" ? change.stop_sequence : undefined,
  });
  return refusal === "" ? [finish] : [...delta(state, { refusal }), finish];
}

function readEvent(state: State, value: JsonRecord): ChatChunk[] {
  const position = numberOf(value.index) ?? 0;
  switch (value.type) {
    case "message_start":
      return startMessage(state, recordOf(value.message));
    case "content_block_start":
      return startBlock(state, position, recordOf(value.content_block));
    case "content_block_delta":
      return growBlock(state, position, recordOf(value.delta));
    case "content_block_stop":
      return stopBlock(state, position);
    case "message_delta":
      return endMessage(state, recordOf(value.delta), recordOf(value.usage));
    case "message_stop":
      state.isDone = true;
      return state.asked.includeUsage ? [usageChunk(state.head, anthropicUsage(state.usage))] : [];
    case "error": {
      const error = recordOf(value.error);
      throw brokenAnswer(textOf(error.message) || "Anthropic broke the stream off.", {
        type: textOf(error.type) || "api_error",
      });
    }
    default:
      return []; // ping, and events that are not known yet
  }
}

/** Translates Anthropic's events to the hub's chunks. `end` throws `UpstreamStreamError` without a `message_stop`. */
export function anthropicChunkReader(asked: Asked): ChunkReader {
  const head = { id: "", model: asked.model, now: asked.now };
  const state: State = { asked, head, blocks: new Map(), usage: {}, tools: 0, isAnswerTool: false, isDone: false };
  return {
    read: ({ value }) => readEvent(state, objectIn(value, "Anthropic")),
    end() {
      if (state.isDone) return [];
      throw brokenAnswer("Anthropic's stream ended before `message_stop`.");
    },
  };
}

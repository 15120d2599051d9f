import { EventStreamCodec } from "@smithy/eventstream-codec";
import { brokenAnswer } from "../../formats/hub/answers.ts";
import { chunkOf, usageChunk } from "../../formats/hub/chunks.ts";
import type { ChatChunk, ChatMessage, StreamReader } from "../../formats/hub/hub.ts";
import { type JsonRecord, numberOf, parseJson, recordOf, textOf } from "../../formats/hub/json.ts";
import { ANSWER_TOOL } from "../anthropic/response-format.ts";
import { bedrockDetail, bedrockFinish, bedrockId, bedrockUsage } from "./response.ts";

type Asked = { readonly model: string; readonly now: number; readonly includeUsage: boolean };
type Block = {
  readonly kind: "text" | "tool" | "answer";
  readonly toolIndex: number;
  text: string;
  input: string;
  signature: string;
  redacted: string;
};
type State = {
  readonly asked: Asked;
  readonly head: { readonly id: string; readonly model: string; readonly now: number };
  readonly blocks: Map<number, Block>;
  tools: number;
  usage: JsonRecord;
  isFinished: boolean;
};

/** AWS's limit for one message of an event stream is 16 MiB, with headers of up to 128 KiB. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024 + 128 * 1024 + 16;
const MIN_MESSAGE_BYTES = 16;

/** Splits bytes from chunks of any size into whole messages of AWS's binary event stream. */
function createFrames() {
  let rest = Buffer.alloc(0);
  return {
    push(bytes: Uint8Array): Buffer[] {
      rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
      const frames: Buffer[] = [];
      while (rest.length >= 4) {
        const length = rest.readUInt32BE(0);
        if (length < MIN_MESSAGE_BYTES || length > MAX_MESSAGE_BYTES)
          throw brokenAnswer("Bedrock's stream is not an AWS event stream.");
        if (rest.length < length) break;
        frames.push(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
      return frames;
    },
    isEmpty: () => rest.length === 0,
  };
}

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === "string" ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
);

/** The event in a message. Throws `UpstreamStreamError` for an exception from Bedrock, and for a damaged message. */
function openFrame(frame: Buffer): { type: string; value: JsonRecord } {
  const message = decode(frame);
  const header = (name: string) => textOf(message.headers[name]?.value);
  const value = recordOf(parseJson(Buffer.from(message.body).toString()));
  const kind = header(":message-type");
  if (kind === "event") return { type: header(":event-type"), value };
  const type = header(":exception-type") || header(":error-code") || "unknown";
  throw brokenAnswer(textOf(value.message) || header(":error-message") || `Bedrock broke the stream off (${type}).`, {
    type,
  });
}

function decode(frame: Buffer) {
  try {
    return codec.decode(frame);
  } catch {
    throw brokenAnswer("A message of Bedrock's stream arrived damaged.");
  }
}

const delta = (state: State, change: Partial<ChatMessage>) => [chunkOf(state.head, { delta: change })];

const newBlock = (kind: Block["kind"], toolIndex = -1): Block => ({
  kind,
  toolIndex,
  text: "",
  input: "",
  signature: "",
  redacted: "",
});

function startBlock(state: State, index: number, start: JsonRecord): ChatChunk[] {
  const use = recordOf(start.toolUse);
  if (start.toolUse === undefined) return [];
  if (use.name === ANSWER_TOOL) {
    state.blocks.set(index, newBlock("answer"));
    return [];
  }
  const block = newBlock("tool", state.tools++);
  state.blocks.set(index, block);
  const called = { name: textOf(use.name), arguments: "" };
  return delta(state, {
    tool_calls: [{ index: block.toolIndex, id: textOf(use.toolUseId), type: "function", function: called }],
  });
}

function growBlock(state: State, index: number, change: JsonRecord): ChatChunk[] {
  // Text and reasoning begin without a start event.
  const block = state.blocks.get(index) ?? newBlock("text");
  state.blocks.set(index, block);
  if (typeof change.text === "string") return change.text === "" ? [] : delta(state, { content: change.text });
  const input = textOf(recordOf(change.toolUse).input);
  if (input !== "") {
    block.input += input;
    if (block.kind === "answer") return delta(state, { content: input });
    return delta(state, { tool_calls: [{ index: block.toolIndex, function: { arguments: input } }] });
  }
  const reasoning = recordOf(change.reasoningContent);
  block.signature += textOf(reasoning.signature);
  block.redacted += textOf(reasoning.redactedContent);
  block.text += textOf(reasoning.text);
  return textOf(reasoning.text) === "" ? [] : delta(state, { reasoning_content: textOf(reasoning.text) });
}

function stopBlock(state: State, index: number): ChatChunk[] {
  const block = state.blocks.get(index);
  if (!block) return [];
  // A tool call without arguments has no delta, and the hub's readers parse the arguments as JSON.
  if (block.kind === "tool" && block.input === "")
    return delta(state, { tool_calls: [{ index: block.toolIndex, function: { arguments: "{}" } }] });
  const detail = bedrockDetail(block, index);
  return detail ? delta(state, { reasoning_details: [detail] }) : [];
}

function readFrame(state: State, frame: Buffer): ChatChunk[] {
  const { type, value } = openFrame(frame);
  const index = numberOf(value.contentBlockIndex) ?? 0;
  switch (type) {
    case "messageStart":
      return delta(state, { role: "assistant", content: "" });
    case "contentBlockStart":
      return startBlock(state, index, recordOf(value.start));
    case "contentBlockDelta":
      return growBlock(state, index, recordOf(value.delta));
    case "contentBlockStop":
      return stopBlock(state, index);
    case "messageStop": {
      state.isFinished = true;
      const isAnswer = [...state.blocks.values()].some((block) => block.kind === "answer");
      return [chunkOf(state.head, { finish: bedrockFinish(value.stopReason, isAnswer) })];
    }
    case "metadata":
      state.usage = recordOf(value.usage);
      return [];
    default:
      return []; // events that are not known yet
  }
}

/** Reads ConverseStream's binary events into the hub's chunks. `end` throws `UpstreamStreamError` without a `messageStop`. */
export function bedrockStreamReader(asked: Asked): StreamReader {
  const frames = createFrames();
  const head = { id: bedrockId(asked.now), model: asked.model, now: asked.now };
  const state: State = { asked, head, blocks: new Map(), tools: 0, usage: {}, isFinished: false };
  return {
    push: (bytes) => frames.push(bytes).flatMap((frame) => readFrame(state, frame)),
    end() {
      if (!state.isFinished || !frames.isEmpty()) throw brokenAnswer("Bedrock's stream ended before `messageStop`.");
      return asked.includeUsage ? [usageChunk(head, bedrockUsage(state.usage))] : [];
    },
  };
}

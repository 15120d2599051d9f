import type { ResponsesRequest } from "@treadle/contract";
import { type ChatMessage, type ChatUsage, type ToolCall, UpstreamStreamError } from "../hub/hub.ts";
import { type JsonRecord, textOf } from "../hub/json.ts";
import { detailsOf, type ReasoningDetail, thoughtsOf } from "../hub/reasoning.ts";
import { writeEvent } from "../hub/server-events.ts";
import {
  type CalledTool,
  callItem,
  callItemId,
  incompleteReason,
  messageItem,
  reasoningItem,
  textPart,
} from "./response.ts";
import { customInput, type ToolPlan } from "./tools.ts";

type Thought = {
  readonly kind: "reasoning";
  readonly id: string;
  text: string;
  hasPart: boolean;
  readonly details: ReasoningDetail[];
};
/** `before` are the finished parts of the same message. */
type Said = {
  readonly kind: "message";
  readonly id: string;
  readonly part: "output_text" | "refusal";
  readonly before: JsonRecord[];
  text: string;
  logprobs: JsonRecord[];
  annotations: JsonRecord[];
};
type Call = Omit<CalledTool, "arguments"> & { readonly kind: "call"; readonly index: number; arguments: string };

/** The state of a stream: the items that were sent, and the open one. */
export type ResponsesState = {
  readonly request: ResponsesRequest;
  readonly meta: { readonly id: string; readonly model: string; readonly now: number };
  readonly core: string;
  readonly known: ToolPlan["known"];
  model: string;
  sequence: number;
  isStarted: boolean;
  /** Finished items, in the order they were sent. */
  readonly output: JsonRecord[];
  open: Thought | Said | Call | null;
  hasWords: boolean;
  readonly calls: Set<number>;
  finish: string | null;
  usage: ChatUsage | null;
  /** The knowledge that the answer is made from. */
  knowledge: unknown;
};

/** One event with the next sequence number. */
export const send = (state: ResponsesState, type: string, fields: JsonRecord) =>
  writeEvent({ type, sequence_number: state.sequence++, ...fields }, type);

const addItem = (state: ResponsesState, item: JsonRecord) =>
  send(state, "response.output_item.added", { output_index: state.output.length, item });

function finishItem(state: ResponsesState, item: JsonRecord): string {
  const done = send(state, "response.output_item.done", { output_index: state.output.length, item });
  state.output.push(item);
  state.open = null;
  return done;
}

const place = (state: ResponsesState, item: { id: string }) => ({
  item_id: item.id,
  output_index: state.output.length,
});

function closeThought(state: ResponsesState, thought: Thought): string {
  const spot = { ...place(state, thought), summary_index: 0 };
  const part = { type: "summary_text", text: thought.text };
  const ends = thought.hasPart
    ? send(state, "response.reasoning_summary_text.done", { ...spot, text: thought.text }) +
      send(state, "response.reasoning_summary_part.done", { ...spot, part })
    : "";
  return ends + finishItem(state, reasoningItem(thought.id, thought.text, thought.details));
}

const saidPart = (said: Said): JsonRecord =>
  said.part === "refusal" ? { type: "refusal", refusal: said.text } : textPart(said.text, said);

/** Ends the open part of a message. The message may continue with another part. */
function closePart(state: ResponsesState, said: Said): string {
  const spot = { ...place(state, said), content_index: said.before.length };
  const done =
    said.part === "refusal"
      ? send(state, "response.refusal.done", { ...spot, refusal: said.text })
      : send(state, "response.output_text.done", { ...spot, text: said.text, logprobs: said.logprobs });
  return done + send(state, "response.content_part.done", { ...spot, part: saidPart(said) });
}

/** The text of a custom tool is inside JSON, so it is sent only when the JSON is complete. */
function closeCustomCall(state: ResponsesState, call: Call): string {
  const input = customInput(call.arguments);
  const spot = place(state, call);
  const piece = input === "" ? "" : send(state, "response.custom_tool_call_input.delta", { ...spot, delta: input });
  const done = send(state, "response.custom_tool_call_input.done", { ...spot, input });
  return piece + done + finishItem(state, callItem(call, "completed"));
}

function closeCall(state: ResponsesState, call: Call): string {
  if (call.tool?.kind === "custom") return closeCustomCall(state, call);
  const done = send(state, "response.function_call_arguments.done", {
    ...place(state, call),
    name: call.tool?.name ?? call.name,
    arguments: call.arguments,
  });
  return done + finishItem(state, callItem(call, "completed"));
}

/** Ends the open item, if any. */
export function close(state: ResponsesState): string {
  const { open } = state;
  if (!open) return "";
  if (open.kind === "reasoning") return closeThought(state, open);
  if (open.kind === "call") return closeCall(state, open);
  const status = incompleteReason(state.finish) === null ? "completed" : "incomplete";
  return closePart(state, open) + finishItem(state, messageItem(open.id, status, [...open.before, saidPart(open)]));
}

function openThought(state: ResponsesState): { out: string; thought: Thought } {
  if (state.open?.kind === "reasoning") return { out: "", thought: state.open };
  const closed = close(state);
  const thinking: Thought = {
    kind: "reasoning",
    id: `rs_${state.core}_${state.output.length}`,
    text: "",
    hasPart: false,
    details: [],
  };
  state.open = thinking;
  return {
    out: closed + addItem(state, { id: thinking.id, type: "reasoning", summary: [], status: "in_progress" }),
    thought: thinking,
  };
}

function think(state: ResponsesState, words: string): string {
  const { out, thought } = openThought(state);
  const spot = { ...place(state, thought), summary_index: 0 };
  const begun = thought.hasPart
    ? ""
    : send(state, "response.reasoning_summary_part.added", { ...spot, part: { type: "summary_text", text: "" } });
  thought.hasPart = true;
  thought.text += words;
  return out + begun + send(state, "response.reasoning_summary_text.delta", { ...spot, delta: words });
}

/** Reasoning becomes the summary of a reasoning item. The data that its provider needs is sealed into the item. */
export function addThoughts(state: ResponsesState, delta: Partial<ChatMessage> & { reasoning?: unknown }): string {
  const words = textOf(delta.reasoning_content) || textOf(delta.reasoning);
  if (words !== "") state.hasWords = true;
  const shown = words !== "" || state.hasWords ? words : thoughtsOf(delta);
  const spoken = shown === "" ? "" : think(state, shown);
  const details = detailsOf(delta).filter((detail) => textOf(detail.signature) !== "" || textOf(detail.data) !== "");
  if (details.length === 0) return spoken;
  const { out, thought } = openThought(state);
  thought.details.push(...details);
  return spoken + out;
}

const newPart = (part: Said["part"], message: Pick<Said, "id" | "before">): Said => ({
  kind: "message",
  ...message,
  part,
  text: "",
  logprobs: [],
  annotations: [],
});

/** Opens a text or a refusal, in the open message or in a new one. */
export function openSaid(state: ResponsesState, part: Said["part"]): { out: string; said: Said } {
  const { open } = state;
  if (open?.kind === "message" && open.part === part) return { out: "", said: open };
  let out: string;
  let spoken: Said;
  if (open?.kind === "message") {
    out = closePart(state, open);
    spoken = newPart(part, { id: open.id, before: [...open.before, saidPart(open)] });
  } else {
    out = close(state);
    spoken = newPart(part, { id: `msg_${state.core}_${state.output.length}`, before: [] });
    out += addItem(state, messageItem(spoken.id, "in_progress", []));
  }
  state.open = spoken;
  out += send(state, "response.content_part.added", {
    ...place(state, spoken),
    content_index: spoken.before.length,
    part: saidPart(spoken),
  });
  return { out, said: spoken };
}

/** Adds a delta of text or refusal. */
export function say(
  state: ResponsesState,
  part: Said["part"],
  { text, logprobs = [] }: { text: string; logprobs?: JsonRecord[] },
): string {
  const { out, said } = openSaid(state, part);
  said.text += text;
  said.logprobs.push(...logprobs);
  const spot = { ...place(state, said), content_index: said.before.length, delta: text };
  if (part === "refusal") return out + send(state, "response.refusal.delta", spot);
  return out + send(state, "response.output_text.delta", { ...spot, logprobs });
}

/** Adds citations to the text that they end in. */
export function annotate(state: ResponsesState, annotations: readonly JsonRecord[]): string {
  if (annotations.length === 0) return "";
  const { out, said } = openSaid(state, "output_text");
  const events = annotations.map((annotation) => {
    said.annotations.push(annotation);
    return send(state, "response.output_text.annotation.added", {
      ...place(state, said),
      content_index: said.before.length,
      annotation_index: said.annotations.length - 1,
      annotation,
    });
  });
  return out + events.join("");
}

/** Sends an item that was finished before the answer began, such as a search. */
export function addSearch(state: ResponsesState, item: JsonRecord & { readonly id: string }): string {
  const begun = addItem(state, { ...item, status: "in_progress", results: null });
  const steps = ["in_progress", "searching", "completed"].map((step) =>
    send(state, `response.file_search_call.${step}`, place(state, item)),
  );
  return begun + steps.join("") + finishItem(state, item);
}

function openCall(state: ResponsesState, piece: ToolCall, index: number): { out: string; call: Call } {
  if (state.open?.kind === "call" && state.open.index === index) return { out: "", call: state.open };
  if (state.calls.has(index)) {
    throw new UpstreamStreamError({
      message: "The provider mixed the pieces of several tool calls, which OpenAI's stream of responses cannot show.",
      type: "invalid_response",
      code: null,
    });
  }
  const closed = close(state);
  state.calls.add(index);
  const name = piece.function.name ?? "";
  const tool = state.known.get(name);
  const call: Call = {
    kind: "call",
    index,
    id: callItemId(tool, `${state.core}_${state.output.length}`),
    callId: piece.id || `call_${state.core}_${index}`,
    name,
    arguments: "",
    tool,
  };
  state.open = call;
  return { out: closed + addItem(state, callItem(call, "in_progress")), call };
}

/** Adds a delta of a tool call. Throws `UpstreamStreamError` for a delta of a call that has ended. */
export function addCall(state: ResponsesState, piece: ToolCall, position: number): string {
  const { out, call } = openCall(state, piece, piece.index ?? position);
  const json = piece.function.arguments ?? "";
  if (json === "") return out;
  call.arguments += json;
  if (call.tool?.kind === "custom") return out;
  return out + send(state, "response.function_call_arguments.delta", { ...place(state, call), delta: json });
}

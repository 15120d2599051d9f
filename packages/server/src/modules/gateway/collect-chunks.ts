import type { ChatChunk, ChatMessage, ChatResponse, ChatUsage, ToolCall } from "./providers/provider.ts";

type Choice = {
  content: string;
  reasoning: string;
  refusal: string;
  /** By the number the stream gives them, which may have gaps of any size. */
  calls: Map<number, ToolCall>;
  details: Record<string, unknown>[];
  images: Record<string, unknown>[];
  finish: string | null;
  /** The sequence that ended the answer, for providers that say which. */
  stopSequence: string | undefined;
};
/** A chunk of a stream as it came: chat's `delta`, or the `text` of the old completions. */
type LooseChoice = {
  index?: number;
  text?: string;
  delta?: Partial<ChatMessage> & { reasoning?: unknown };
  finish_reason?: string | null;
  stop_sequence?: unknown;
};

/** Puts the chunks of a stream together into the answer they make up. */
export function createCollector() {
  const choices = new Map<number, Choice>();
  let head: Pick<ChatResponse, "id" | "created" | "model"> = { id: "", created: 0, model: "" };
  let usage: ChatUsage | undefined;

  function choiceAt(index: number): Choice {
    const known = choices.get(index);
    if (known) return known;
    const choice: Choice = {
      content: "",
      reasoning: "",
      refusal: "",
      calls: new Map(),
      details: [],
      images: [],
      finish: null,
      stopSequence: undefined,
    };
    choices.set(index, choice);
    return choice;
  }

  return {
    add(chunk: ChatChunk): void {
      if (head.id === "" || head.model === "")
        head = { id: chunk.id ?? "", created: chunk.created ?? 0, model: chunk.model ?? "" };
      if (chunk.usage) usage = chunk.usage;
      for (const given of chunk.choices as readonly LooseChoice[]) addTo(choiceAt(given.index ?? 0), given);
    },
    /** True once every choice that began has said why it ended. */
    isFinished: () => choices.size > 0 && [...choices.values()].every(({ finish }) => finish !== null),
    /** Everything that has arrived so far. */
    response(): ChatResponse {
      return {
        ...head,
        object: "chat.completion",
        choices: [...choices]
          .sort(([a], [b]) => a - b)
          .map(([index, choice]) => ({
            index,
            message: toMessage(choice),
            finish_reason: choice.finish,
            ...(choice.stopSequence !== undefined && { stop_sequence: choice.stopSequence }),
          })),
        ...(usage && { usage }),
      };
    },
  };
}

function addTo(choice: Choice, { text, delta, finish_reason: finish, stop_sequence: stop }: LooseChoice): void {
  choice.content += text ?? (typeof delta?.content === "string" ? delta.content : "");
  const thought = delta?.reasoning_content ?? delta?.reasoning;
  if (typeof thought === "string") choice.reasoning += thought;
  if (typeof delta?.refusal === "string") choice.refusal += delta.refusal;
  if (Array.isArray(delta?.images)) choice.images.push(...delta.images);
  if (delta?.reasoning_details) choice.details.push(...delta.reasoning_details);
  for (const [position, piece] of (delta?.tool_calls ?? []).entries()) addCall(choice.calls, piece, position);
  if (finish) choice.finish = finish;
  if (typeof stop === "string") choice.stopSequence = stop;
}

function addCall(calls: Map<number, ToolCall>, piece: ToolCall, position: number): void {
  const index = piece.index ?? position;
  const known = calls.get(index);
  if (!known) {
    calls.set(index, {
      id: piece.id,
      type: "function",
      function: { name: piece.function?.name ?? "", arguments: piece.function?.arguments ?? "" },
    });
    return;
  }
  if (piece.id) known.id = piece.id;
  known.function.name = `${known.function.name ?? ""}${piece.function?.name ?? ""}`;
  known.function.arguments = `${known.function.arguments ?? ""}${piece.function?.arguments ?? ""}`;
}

const toMessage = ({ content, reasoning, refusal, calls, details, images }: Choice): ChatMessage => ({
  role: "assistant",
  content: content === "" && calls.size > 0 ? null : content,
  ...(reasoning !== "" && { reasoning_content: reasoning }),
  ...(details.length > 0 && { reasoning_details: details }),
  ...(images.length > 0 && { images }),
  ...(refusal !== "" && { refusal }),
  ...(calls.size > 0 && { tool_calls: [...calls].sort(([a], [b]) => a - b).map(([, call]) => call) }),
});

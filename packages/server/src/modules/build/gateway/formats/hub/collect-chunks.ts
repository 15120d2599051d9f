import type { ChatChunk, ChatMessage, ChatResponse, ChatUsage, ToolCall } from "./hub.ts";

type Choice = {
  content: string;
  reasoning: string;
  refusal: string;
  /** By the index in the stream, which may have gaps. */
  calls: Map<number, ToolCall>;
  details: Record<string, unknown>[];
  images: Record<string, unknown>[];
  annotations: Record<string, unknown>[];
  finish: string | null;
  /** The stop sequence that ended the answer, if the provider reports it. */
  stopSequence: string | undefined;
};
/** A choice in a chunk: the `delta` of chat, or the `text` of the legacy completions. */
type LooseChoice = {
  index?: number;
  text?: string;
  delta?: Partial<ChatMessage> & { reasoning?: unknown };
  finish_reason?: string | null;
  stop_sequence?: unknown;
};

/** Joins the chunks of a stream to a whole answer. */
export function createCollector() {
  const choices = new Map<number, Choice>();
  let head: Pick<ChatResponse, "id" | "created" | "model"> = { id: "", created: 0, model: "" };
  let usage: ChatUsage | undefined;
  let fingerprint: string | undefined;
  let knowledge: unknown;

  function choiceAt(index: number): Choice {
    const existing = choices.get(index);
    if (existing) return existing;
    const choice: Choice = {
      content: "",
      reasoning: "",
      refusal: "",
      calls: new Map(),
      details: [],
      images: [],
      annotations: [],
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
      if (typeof chunk.system_fingerprint === "string") fingerprint = chunk.system_fingerprint;
      knowledge ??= chunk.knowledge;
      for (const given of chunk.choices as readonly LooseChoice[]) addTo(choiceAt(given.index ?? 0), given);
    },
    /** Whether every choice that began has a finish reason. */
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
        ...(fingerprint !== undefined && { system_fingerprint: fingerprint }),
        ...(knowledge !== undefined && { knowledge }),
      };
    },
  };
}

function addTo(choice: Choice, { text, delta, finish_reason: finish, stop_sequence: stop }: LooseChoice): void {
  choice.content += text ?? (typeof delta?.content === "string" ? delta.content : "");
  const reasoning = delta?.reasoning_content ?? delta?.reasoning;
  if (typeof reasoning === "string") choice.reasoning += reasoning;
  if (typeof delta?.refusal === "string") choice.refusal += delta.refusal;
  if (Array.isArray(delta?.images)) choice.images.push(...delta.images);
  if (Array.isArray(delta?.annotations)) choice.annotations.push(...delta.annotations);
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

const toMessage = ({ content, reasoning, refusal, calls, details, images, annotations }: Choice): ChatMessage => ({
  role: "assistant",
  content: content === "" && calls.size > 0 ? null : content,
  ...(reasoning !== "" && { reasoning_content: reasoning }),
  ...(details.length > 0 && { reasoning_details: details }),
  ...(images.length > 0 && { images }),
  ...(annotations.length > 0 && { annotations }),
  ...(refusal !== "" && { refusal }),
  ...(calls.size > 0 && { tool_calls: [...calls].sort(([a], [b]) => a - b).map(([, call]) => call) }),
});

import type { ChatRequest } from "@treadle/contract";
import type { ChatChunk } from "../providers/provider.ts";
import { writeEvent } from "./server-events.ts";
import type { StreamWriter, Wire } from "./wire.ts";

type Failure = { readonly code: string; readonly message: string; readonly status: number };

/** How an OpenAI stream says that it broke; the official clients throw it as an API error. */
export const openAiFailure = ({ code, message, status }: Failure): string =>
  writeEvent({ error: { message, type: status >= 500 ? "server_error" : "invalid_request_error", param: null, code } });

/** With `include_usage` every chunk has a `usage`, null but in the last; without it none has, and the last is not sent. */
export function usageInChunk<T extends { choices: readonly unknown[]; usage?: unknown }>(
  chunk: T,
  isWanted: boolean,
): T | null {
  if (isWanted) return { ...chunk, usage: chunk.usage ?? null };
  if (chunk.choices.length === 0 && chunk.usage) return null;
  const { usage: _, ...rest } = chunk;
  return rest as T;
}

/**
 * Holds `reasoning_details` back until a choice ends, and sends them all in that chunk: OpenAI's clients keep only the
 * last value of a field they do not know, and others join the values, so that both need them to come once.
 */
function createDetailHold() {
  const held = new Map<number, Record<string, unknown>[]>();
  return (choice: ChatChunk["choices"][number]): ChatChunk["choices"][number] => {
    const { reasoning_details: details, ...delta } = choice.delta;
    const kept = [...(held.get(choice.index) ?? []), ...(details ?? [])];
    held.set(choice.index, kept);
    if (choice.finish_reason === null || kept.length === 0) return { ...choice, delta };
    held.delete(choice.index);
    return { ...choice, delta: { ...delta, reasoning_details: kept } };
  };
}

function chatWriter(request: ChatRequest, meta: { id: string; model: string; now: number }): StreamWriter {
  const isUsageWanted = request.stream_options?.include_usage === true;
  const hold = createDetailHold();
  const isEmpty = ({ delta, finish_reason: finish, logprobs }: ChatChunk["choices"][number]) =>
    finish === null && !logprobs && Object.keys(delta).length === 0;
  return {
    write(chunk: ChatChunk) {
      const choices = chunk.choices.map(hold).filter((choice) => !isEmpty(choice));
      if (choices.length === 0 && chunk.choices.length > 0 && !chunk.usage) return "";
      const shown = usageInChunk({ ...chunk, choices }, isUsageWanted);
      return shown ? writeEvent({ ...shown, id: chunk.id || meta.id, model: chunk.model || meta.model }) : "";
    },
    end: () => writeEvent("[DONE]"),
    fail: openAiFailure,
  };
}

/** OpenAI's chat completions: the hub itself. */
export const chatWire: Wire<ChatRequest> = {
  id: "chat",
  toChat: (request) => request,
  fromChat: (response) => response,
  streamWriter: chatWriter,
};

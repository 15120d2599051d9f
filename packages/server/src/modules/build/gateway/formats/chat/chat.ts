import type { ChatRequest } from "@treadle/contract";
import type { Format, StreamWriter } from "../hub/format.ts";
import type { ChatChunk } from "../hub/hub.ts";
import { writeEvent } from "../hub/server-events.ts";

type Failure = { readonly code: string; readonly message: string; readonly status: number };

/** The error event of an OpenAI stream. The official clients throw it as an API error. */
export const openAiFailure = ({ code, message, status }: Failure): string =>
  writeEvent({ error: { message, type: status >= 500 ? "server_error" : "invalid_request_error", param: null, code } });

/** With `include_usage` every chunk has a `usage`, which is null except in the last. Without it no chunk has one, and the last is not sent. */
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
 * Holds `reasoning_details` until a choice ends, and sends all of them in that chunk. OpenAI's clients store only the last value of
 * an unknown field, and other clients join the values, so both need them once.
 */
function createDetailHold() {
  const detailsOf = new Map<number, Record<string, unknown>[]>();
  return (choice: ChatChunk["choices"][number]): ChatChunk["choices"][number] => {
    const { reasoning_details: details, ...delta } = choice.delta;
    const kept = [...(detailsOf.get(choice.index) ?? []), ...(details ?? [])];
    detailsOf.set(choice.index, kept);
    if (choice.finish_reason === null || kept.length === 0) return { ...choice, delta };
    detailsOf.delete(choice.index);
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
export const chatFormat: Format<ChatRequest> = {
  id: "chat",
  toChat: (request) => request,
  fromChat: (response) => response,
  streamWriter: chatWriter,
};

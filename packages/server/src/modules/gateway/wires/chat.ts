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

function chatWriter(request: ChatRequest, meta: { id: string; model: string; now: number }): StreamWriter {
  const isUsageWanted = request.stream_options?.include_usage === true;
  return {
    write(chunk: ChatChunk) {
      const shown = usageInChunk(chunk, isUsageWanted);
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

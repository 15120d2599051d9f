import type { ChatChunk, ChatMessage, ChatResponse, ChatUsage } from "./hub.ts";

export type ChunkHead = { readonly id: string; readonly model: string; readonly now: number };

/** `now` is in milliseconds; OpenAI's `created` in seconds. */
export const createdAt = (now: number) => Math.floor(now / 1_000);

export const chunkOf = (
  head: ChunkHead,
  choice: {
    index?: number;
    delta?: Partial<ChatMessage>;
    finish?: string | null;
    stopSequence?: string | undefined;
    logprobs?: unknown;
  },
): ChatChunk => ({
  id: head.id,
  object: "chat.completion.chunk",
  created: createdAt(head.now),
  model: head.model,
  choices: [
    {
      index: choice.index ?? 0,
      delta: choice.delta ?? {},
      finish_reason: choice.finish ?? null,
      ...(choice.stopSequence !== undefined && { stop_sequence: choice.stopSequence }),
      ...(choice.logprobs === undefined ? {} : { logprobs: choice.logprobs }),
    },
  ],
});

/** The last chunk of a stream that was requested with `include_usage`: usage without choices. */
export const usageChunk = (head: ChunkHead, usage: ChatUsage): ChatChunk => ({
  id: head.id,
  object: "chat.completion.chunk",
  created: createdAt(head.now),
  model: head.model,
  choices: [],
  usage,
});

export const responseOf = (
  head: ChunkHead,
  choices: ChatResponse["choices"],
  usage: ChatUsage | undefined,
): ChatResponse => ({
  id: head.id,
  object: "chat.completion",
  created: createdAt(head.now),
  model: head.model,
  choices,
  ...(usage && { usage }),
});

type Tokens = { input: number; output: number; cached?: number; cacheWrite?: number; reasoning?: number };

/** Usage in the hub's shape: input includes cached and cache-written tokens, output includes reasoning. Details only if there are any. */
export const usageOf = ({ input, output, cached = 0, cacheWrite = 0, reasoning = 0 }: Tokens): ChatUsage => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached, ...(cacheWrite > 0 && { cache_write_tokens: cacheWrite }) },
  ...(reasoning > 0 && { completion_tokens_details: { reasoning_tokens: reasoning } }),
});

/** A whole answer as the chunks of a stream, for a caller who requested a stream. */
export function chunksOf(response: ChatResponse): ChatChunk[] {
  const { id, created, model } = response;
  const chunk = (choices: ChatChunk["choices"], usage?: ChatChunk["usage"]): ChatChunk => ({
    id,
    object: "chat.completion.chunk",
    created,
    model,
    choices,
    ...(usage && { usage }),
  });
  const contents = response.choices.map(({ index, message, logprobs }) => {
    const { tool_calls: calls, ...rest } = message;
    const delta = {
      ...rest,
      ...(calls && { tool_calls: calls.map((call, position) => ({ ...call, index: position })) }),
    };
    return chunk([{ index, delta, finish_reason: null, ...(logprobs !== undefined && { logprobs }) }]);
  });
  const endings = response.choices.map(({ index, finish_reason: finish, stop_sequence: stop }) =>
    chunk([{ index, delta: {}, finish_reason: finish ?? "stop", ...(stop !== undefined && { stop_sequence: stop }) }]),
  );
  const [first, ...others] = contents;
  const opening = first && response.knowledge !== undefined ? { ...first, knowledge: response.knowledge } : first;
  return [...(opening ? [opening] : []), ...others, ...endings, ...(response.usage ? [chunk([], response.usage)] : [])];
}

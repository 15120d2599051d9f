import type { EmbeddingRequest } from "@treadle/contract";
import type { GenerateEvent, TokenLogprob } from "../../../../../platform/inference/port.ts";
import { type ChunkHead, chunkOf, responseOf, usageChunk, usageOf } from "../../formats/hub/chunks.ts";
import { unprocessable } from "../../formats/hub/content.ts";
import { embeddingsOf } from "../../formats/hub/embeddings.ts";
import type { ChatChunk, ChatResponse, ChatUsage, EmbeddingResponse, ToolCall } from "../../formats/hub/hub.ts";

export { type LocalRequest, localChatRequest, localCompletionRequest } from "./request.ts";

type TextEvent = Extract<GenerateEvent, { type: "text" }>;
type Logprobs = NonNullable<TextEvent["logprobs"]>;

const entryOf = ({ token, bytes, logprob }: TokenLogprob) => ({ token, logprob, bytes: [...bytes] });
const entriesOf = (logprobs: Logprobs) =>
  logprobs.map((entry) => ({ ...entryOf(entry), top_logprobs: entry.top.map(entryOf) }));
const logprobsOf = (content: ReturnType<typeof entriesOf>) => ({ content, refusal: null });

/**
 * Translates the engine's events to the hub's answer. `add` takes every event and returns the chunks of a stream. `response`
 * returns the whole answer after `done`. Completions use the same shapes, and their format renames them.
 */
export function createLocalAnswer(head: ChunkHead, { includeUsage }: { includeUsage: boolean }) {
  const texts: string[] = [];
  const entries: ReturnType<typeof entriesOf> = [];
  const calls: ToolCall[] = [];
  let hasLogprobs = false;
  let isStarted = false;
  let usage: ChatUsage | undefined;
  let finish: string | null = null;
  let stopSequence: string | undefined;

  function chunksOf(event: GenerateEvent): ChatChunk[] {
    switch (event.type) {
      case "text": {
        const logprobs = event.logprobs && entriesOf(event.logprobs);
        texts.push(event.text);
        if (logprobs) {
          hasLogprobs = true;
          entries.push(...logprobs);
        }
        return [chunkOf(head, { delta: { content: event.text }, logprobs: logprobs && logprobsOf(logprobs) })];
      }
      case "tool_call": {
        const { id, name, arguments: given } = event.call;
        const call: ToolCall = { id, type: "function", function: { name, arguments: given } };
        calls.push(call);
        return [chunkOf(head, { delta: { tool_calls: [{ index: calls.length - 1, ...call }] } })];
      }
      case "done":
        usage = usageOf({ input: event.promptTokens, output: event.completionTokens });
        finish = event.finishReason;
        stopSequence = event.stopSequence;
        return [chunkOf(head, { finish, stopSequence }), ...(includeUsage ? [usageChunk(head, usage)] : [])];
      default:
        return event satisfies never;
    }
  }

  return {
    add(event: GenerateEvent): ChatChunk[] {
      const chunks = chunksOf(event);
      if (isStarted) return chunks;
      isStarted = true;
      return [chunkOf(head, { delta: { role: "assistant", content: "" } }), ...chunks];
    },
    response(): ChatResponse {
      const content = texts.length === 0 && calls.length > 0 ? null : texts.join("");
      const message = { role: "assistant", content, ...(calls.length > 0 && { tool_calls: calls }) };
      return responseOf(
        head,
        [
          {
            index: 0,
            message,
            finish_reason: finish,
            ...(stopSequence !== undefined && { stop_sequence: stopSequence }),
            logprobs: hasLogprobs ? logprobsOf(entries) : null,
          },
        ],
        usage,
      );
    },
  };
}

/** The engine's vectors as OpenAI's answer. Throws `unprocessable` for another length than the model's: shortened vectors would not compare correctly. */
export function localEmbeddings(
  request: EmbeddingRequest,
  { model, vectors, tokens }: { model: string; vectors: readonly (readonly number[])[]; tokens: number },
): EmbeddingResponse {
  const length = vectors[0]?.length ?? 0;
  const asked = request.dimensions ?? length;
  if (asked !== length)
    throw unprocessable("dimensions", `is ${asked}, but the vectors of ${model} have ${length} numbers. Leave it out.`);
  return embeddingsOf(request, { model, vectors, tokens });
}

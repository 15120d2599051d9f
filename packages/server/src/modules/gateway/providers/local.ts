import type { EmbeddingRequest } from "@treadle/contract";
import type { GenerateEvent, TokenLogprob } from "../../../platform/inference/port.ts";
import { type ChunkHead, chunkOf, responseOf, usageChunk, usageOf } from "../wires/chunks.ts";
import { unprocessable } from "../wires/content.ts";
import { embeddingsOf } from "../wires/embeddings.ts";
import type { ChatChunk, ChatResponse, ChatUsage, EmbeddingResponse, ToolCall } from "./provider.ts";

export { type LocalRequest, localChatRequest, localCompletionRequest } from "./local-request.ts";

type TextEvent = Extract<GenerateEvent, { type: "text" }>;
type Logprobs = NonNullable<TextEvent["logprobs"]>;

const entryOf = ({ token, bytes, logprob }: TokenLogprob) => ({ token, logprob, bytes: [...bytes] });
const entriesOf = (logprobs: Logprobs) =>
  logprobs.map((entry) => ({ ...entryOf(entry), top_logprobs: entry.top.map(entryOf) }));
const logprobsOf = (content: ReturnType<typeof entriesOf>) => ({ content, refusal: null });

/**
 * Turns the engine's events into the hub's answer. Feed it every event: `add` gives the chunks of a stream,
 * `response` the whole answer, once `done` has come. Completions take the same shapes; their wire renames them.
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
        const found = event.logprobs && entriesOf(event.logprobs);
        texts.push(event.text);
        if (found) {
          hasLogprobs = true;
          entries.push(...found);
        }
        return [chunkOf(head, { delta: { content: event.text }, logprobs: found && logprobsOf(found) })];
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

/** The engine's vectors as OpenAI's answer. Throws `unprocessable` when another length was asked than the model has: cut vectors would compare wrongly. */
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

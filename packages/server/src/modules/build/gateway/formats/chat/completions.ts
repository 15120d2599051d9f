import type { ChatRequest, CompletionRequest } from "@treadle/contract";
import { invalid, unprocessable } from "../hub/content.ts";
import type { Format, StreamWriter } from "../hub/format.ts";
import type { ChatChunk, ChatResponse } from "../hub/hub.ts";
import { compact, type JsonRecord, numberOf, recordOf, recordsOf, textOf } from "../hub/json.ts";
import { writeEvent } from "../hub/server-events.ts";
import { openAiFailure, usageInChunk } from "./chat.ts";

/** The prompt to continue. Throws for token ids and for several prompts, which a chat model does not support. */
export function onePrompt(request: CompletionRequest): string {
  const { prompt } = request;
  if (typeof prompt === "string") return prompt;
  const [first] = prompt;
  if (typeof first !== "string")
    throw unprocessable("prompt", "holds token numbers, which this model cannot take. Send text.");
  if (prompt.length > 1)
    throw unprocessable(
      "prompt",
      `holds ${prompt.length} prompts, but this model takes one a request. Send one request for each.`,
    );
  return first;
}

/** Throws `unprocessable` for features of the legacy completions that no chat model has. */
function refuseImpossible(request: CompletionRequest) {
  if (request.echo === true) throw unprocessable("echo", "is not possible with a chat model. Leave it out.");
  if (typeof request.suffix === "string" && request.suffix !== "")
    throw unprocessable("suffix", "is not possible with a chat model: it cannot fill in the middle.");
  if (request.max_tokens === 0)
    throw unprocessable("max_tokens", "is 0, but a chat model writes at least one token. Use 1 or more.");
  if ((request.best_of ?? 1) > (request.n ?? 1))
    throw unprocessable("best_of", "is not possible with a chat model. Use `n` and choose yourself.");
}

function toChat(request: CompletionRequest): ChatRequest {
  refuseImpossible(request);
  const { prompt: _, logprobs, echo: _echo, suffix: _suffix, best_of: _best, ...rest } = request;
  const text = onePrompt(request);
  if (text === "") throw invalid("prompt", "is empty; a chat model needs something to answer.");
  const wanted = logprobs === undefined || logprobs === null ? {} : { logprobs: true, top_logprobs: logprobs };
  return { ...rest, ...wanted, messages: [{ role: "user", content: text }] };
}

/**
 * The log-probabilities of chat in the format of the legacy completions. Null if there are none. `offset` is the number
 * of characters before.
 */
export function oldLogprobs(logprobs: unknown, offset = 0): JsonRecord | null {
  const entries = recordsOf(recordOf(logprobs).content);
  if (entries.length === 0) return null;
  let position = offset;
  const columns = {
    tokens: [] as string[],
    token_logprobs: [] as number[],
    top_logprobs: [] as JsonRecord[],
    text_offset: [] as number[],
  };
  for (const entry of entries) {
    columns.tokens.push(textOf(entry.token));
    columns.token_logprobs.push(numberOf(entry.logprob) ?? 0);
    columns.top_logprobs.push(
      Object.fromEntries(recordsOf(entry.top_logprobs).map((top) => [textOf(top.token), top.logprob])),
    );
    columns.text_offset.push(position);
    position += textOf(entry.token).length;
  }
  return columns;
}

function fromChat(response: ChatResponse): JsonRecord {
  return compact({
    id: response.id,
    object: "text_completion",
    created: response.created,
    model: response.model,
    choices: response.choices.map((choice) => ({
      text: textOf(choice.message.content),
      index: choice.index,
      logprobs: oldLogprobs(choice.logprobs),
      finish_reason: choice.finish_reason,
    })),
    usage: response.usage,
  });
}

function completionsWriter(request: CompletionRequest, meta: { id: string; model: string; now: number }): StreamWriter {
  const isUsageWanted = request.stream_options?.include_usage === true;
  const offsets = new Map<number, number>();
  return {
    write(chunk: ChatChunk) {
      const choices = chunk.choices.flatMap(({ index, delta, finish_reason: finish, logprobs }) => {
        const text = textOf(delta.content);
        if (text === "" && finish === null) return [];
        const offset = offsets.get(index) ?? 0;
        offsets.set(index, offset + text.length);
        return [{ text, index, logprobs: oldLogprobs(logprobs, offset), finish_reason: finish }];
      });
      if (choices.length === 0 && chunk.choices.length > 0) return "";
      const head = {
        id: chunk.id || meta.id,
        object: "text_completion",
        created: chunk.created,
        model: chunk.model || meta.model,
      };
      const shown = usageInChunk({ ...head, choices, usage: chunk.usage }, isUsageWanted);
      return shown ? writeEvent(shown) : "";
    },
    end: () => writeEvent("[DONE]"),
    fail: openAiFailure,
  };
}

/** OpenAI's text completions, answered by a chat model: the prompt becomes a user's message. */
export const completionsFormat: Format<CompletionRequest> = {
  id: "completions",
  toChat,
  fromChat,
  streamWriter: completionsWriter,
};

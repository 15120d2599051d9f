import type { Clock } from "../../../../kernel/clock.ts";
import { toFailure } from "../attempt/attempt-failure.ts";
import type { Outcome } from "../attempt/outcome.ts";
import { readWhole } from "../attempt/read-answer.ts";
import { readChunks } from "../attempt/read-chunks.ts";
import type { Answered } from "../attempt/run-attempts.ts";
import { brokenAnswer } from "../formats/hub/answers.ts";
import { createCollector } from "../formats/hub/collect-chunks.ts";
import type { ChatChunk, ChatResponse, ChunkReader, StreamReader } from "../formats/hub/hub.ts";
import { parseJson } from "../formats/hub/json.ts";
import { createEventReader, isEmptyOrDone, type ServerEvent } from "../formats/hub/server-events.ts";
import type { Call } from "../request/read-call.ts";
import type { GuardedChunks } from "./guard-chunks.ts";
import type { GuardedResponse } from "./guard-message.ts";

/** Reads an answer as a whole, whatever its kind. Throws `AttemptFailure` or what its stream throws. */
export async function readOutcome(
  call: Call,
  { outcome, target }: Pick<Answered, "outcome" | "target">,
  clock: Clock,
): Promise<ChatResponse> {
  switch (outcome.kind) {
    case "embeddings":
      throw new Error("an embedding is no answer of a chat model");
    case "response":
      return outcome.response;
    case "bytes":
      return wholeOf(call, outcome, { model: target.model, now: clock.now() });
    case "stream":
      return collect(chunksOfStream(outcome));
    case "chunks":
      return collect(outcome.chunks);
  }
}

async function collect(chunks: AsyncIterable<ChatChunk>): Promise<ChatResponse> {
  const collector = createCollector();
  for await (const chunk of chunks) collector.add(chunk);
  if (!collector.isFinished()) throw new Error("The provider's stream ended before the answer was complete.");
  return collector.response();
}

/** The chunks of a stream that would pass through unchanged. */
export function chunksOfStream({ stream, reader }: Extract<Outcome, { kind: "stream" }>): AsyncIterable<ChatChunk> {
  const events = bytesReader(reader);
  return readChunks(stream, events, readFirst(events, stream.head));
}

/** The guards of an answer. */
export type AnswerGuard = {
  readonly response: (response: ChatResponse) => Promise<GuardedResponse>;
  readonly chunks: (call: Call, chunks: AsyncIterable<ChatChunk>) => GuardedChunks;
};

/**
 * An answer under its guards. Bytes that would pass through unchanged are read through the hub, and pass if nothing in them
 * changes. Throws `AttemptFailure` for bytes that cannot be read: nothing passes unseen.
 */
export function guardOutcome(
  call: Call,
  { outcome, target }: Pick<Answered, "outcome" | "target">,
  { guard, clock }: { readonly guard: AnswerGuard; readonly clock: Clock },
): Outcome | Promise<Outcome> {
  switch (outcome.kind) {
    case "embeddings":
      return outcome;
    case "response":
      return whole(outcome.response, guard);
    case "bytes":
      return call.format === "embeddings" ? outcome : readBytes(outcome, { model: target.model, now: clock.now() });
    case "stream":
      return { kind: "chunks", headers: outcome.headers, ...guard.chunks(call, chunksOfStream(outcome)) };
    case "chunks":
      return { kind: "chunks", ...guard.chunks(call, outcome.chunks) };
  }

  async function readBytes(
    bytes: Extract<Outcome, { kind: "bytes" }>,
    asked: { model: string; now: number },
  ): Promise<Outcome> {
    const response = wholeOf(call, bytes, asked);
    const guarded = await whole(response, guard);
    return guarded.response === response && guarded.shown === response ? bytes : { ...guarded, headers: bytes.headers };
  }
}

/** A body that would pass through unchanged. Throws `AttemptFailure` if it cannot be read. */
export function wholeOf(
  { format }: Call,
  { body, provider }: Extract<Outcome, { kind: "bytes" }>,
  asked: { model: string; now: number },
): ChatResponse {
  try {
    return readWhole(format === "embeddings" ? "chat" : format, provider, { body, asked });
  } catch (error) {
    throw toFailure(error);
  }
}

async function whole(response: ChatResponse, guard: AnswerGuard) {
  const { stored, shown } = await guard.response(response);
  return { kind: "response", response: stored, shown } as const;
}

function readFirst(reader: StreamReader, head: Buffer): ChatChunk[] {
  try {
    return reader.push(head);
  } catch (error) {
    throw toFailure(error);
  }
}

/** Reads the bytes of a stream that would pass through. */
function bytesReader(reader: ChunkReader): StreamReader {
  const events = createEventReader();
  const read = (given: readonly ServerEvent[]) =>
    given.flatMap(({ event, data }) => {
      if (isEmptyOrDone(data)) return [];
      const value = parseJson(data);
      if (value === undefined) throw brokenAnswer("The provider sent an event that is not a JSON object.");
      return reader.read({ event, value });
    });
  return { push: (bytes) => read(events.push(bytes)), end: () => [...read(events.end()), ...reader.end()] };
}

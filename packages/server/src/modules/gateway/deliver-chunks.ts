import type { Clock } from "../../kernel/clock.ts";
import type { Sink } from "../../kernel/sink.ts";
import type { Call } from "./call.ts";
import { createCollector } from "./collect-chunks.ts";
import { type Delivery, settledCancelled, settledError, settledWith } from "./delivery.ts";
import { wireOf } from "./outcome.ts";
import type { ChatChunk, ChatResponse } from "./providers/provider.ts";
import { foresee } from "./try-failure.ts";

type Target = { readonly sink: Sink; readonly model: string; readonly clock: Clock };

/** Writes the hub's chunks in the caller's shape. Resolves when the caller has all of it, or is gone. */
export async function deliverChunks(
  call: Call,
  chunks: AsyncIterable<ChatChunk>,
  { sink, model, clock }: Target,
): Promise<Delivery> {
  const wire = call.wire === "embeddings" ? "chat" : call.wire;
  const writer = wireOf(wire).streamWriter(call.request, { id: call.spanId, model, now: clock.now() });
  const collector = createCollector();
  let firstTokenAt: number | null = null;
  const delivered = (isBroken: boolean, settle: Delivery["settle"]): Delivery => ({
    firstTokenAt,
    isBroken,
    body: null,
    settle,
  });
  try {
    for await (const chunk of chunks) {
      collector.add(chunk);
      if (firstTokenAt === null && hasToken(chunk)) firstTokenAt = clock.elapsed();
      const text = writer.write(chunk);
      if (text !== "" && !sink.write(text)) await sink.drained();
      if (call.signal.aborted) break;
    }
    if (call.signal.aborted) return delivered(true, () => settledCancelled(collector.response()));
    if (!collector.isFinished()) throw new Error("The provider's stream ended before its answer was whole.");
    sink.end(writer.end());
    return delivered(false, () => settledWith(collector.response()));
  } catch (error) {
    if (call.signal.aborted) return delivered(true, () => settledCancelled(collector.response()));
    const told = describe(error);
    if (told === null) {
      // A bug is for the log, but the caller must hear that there is no more to come.
      sink.end(writer.fail({ code: "internal", message: "Something broke on our side.", status: 500 }));
      throw error;
    }
    const { type, message } = told;
    sink.end(writer.fail({ code: type, message, status: 502 }));
    return delivered(true, () => settledError(type, message, collector.response()));
  }
}

/** Null for what nobody foresaw. */
function describe(error: unknown): { type: string; message: string } | null {
  if (error instanceof Error && error.constructor === Error) return { type: "provider_failed", message: error.message };
  const failure = foresee(error);
  if (failure === null) return null;
  const type = failure.kind.endsWith("timeout") ? "provider_timeout" : (failure.type ?? "provider_failed");
  return { type, message: failure.message };
}

const hasToken = ({ choices }: ChatChunk) =>
  choices.some(({ delta }) =>
    Boolean(delta.content || delta.reasoning_content || delta.tool_calls?.length || delta.refusal),
  );

/** A whole answer as the stream it could have been: for a caller who asked for one. */
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
  const said = response.choices.map(({ index, message, logprobs }) => {
    const { tool_calls: calls, ...rest } = message;
    const delta = {
      ...rest,
      ...(calls && { tool_calls: calls.map((call, position) => ({ ...call, index: position })) }),
    };
    return chunk([{ index, delta, finish_reason: null, ...(logprobs !== undefined && { logprobs }) }]);
  });
  const ended = response.choices.map(({ index, finish_reason: finish, stop_sequence: stop }) =>
    chunk([{ index, delta: {}, finish_reason: finish ?? "stop", ...(stop !== undefined && { stop_sequence: stop }) }]),
  );
  return [...said, ...ended, ...(response.usage ? [chunk([], response.usage)] : [])];
}

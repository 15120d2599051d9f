import type { Clock } from "../../../../kernel/clock.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import { expectedFailure } from "../attempt/attempt-failure.ts";
import { formatOf } from "../formats/formats.ts";
import { createCollector } from "../formats/hub/collect-chunks.ts";
import type { ChatChunk, ChatResponse } from "../formats/hub/hub.ts";
import type { Call } from "../request/read-call.ts";
import { INTERNAL_MESSAGE } from "./answer-failure.ts";
import { cancelledResult, type Delivery, errorResult, okResult } from "./delivery.ts";
import { createKeepAlive } from "./keep-alive.ts";

type Receiver = {
  readonly sink: Sink;
  readonly model: string;
  readonly clock: Clock;
  /** The answer as it is stored, if that is another one than the caller sees. */
  readonly stored?: (() => ChatResponse) | undefined;
};

/** Sends the hub's chunks in the caller's format. Resolves when all of them are sent, or when the caller disconnects. */
export async function sendChunks(
  call: Call,
  chunks: AsyncIterable<ChatChunk>,
  { sink, model, clock, stored }: Receiver,
): Promise<Delivery> {
  const format = call.format === "embeddings" ? "chat" : call.format;
  // Guards may hold a stream for a long time. Other streams are as silent as their providers.
  const keepAlive = stored ? createKeepAlive(sink) : null;
  const writer = formatOf(format).streamWriter(call.request, { id: call.spanId, model, now: clock.now() });
  const collector = createCollector();
  const response = stored ?? collector.response;
  let firstTokenAt: number | null = null;
  const deliveryOf = (isBroken: boolean, result: Delivery["result"]): Delivery => ({
    firstTokenAt,
    isBroken,
    body: null,
    result,
  });
  try {
    for await (const chunk of chunks) {
      collector.add(chunk);
      if (firstTokenAt === null && hasToken(chunk)) firstTokenAt = clock.elapsed();
      const text = writer.write(chunk);
      if (text !== "") keepAlive?.note();
      if (text !== "" && !sink.write(text)) await sink.drained();
      if (call.signal.aborted) break;
    }
    if (call.signal.aborted) return deliveryOf(true, () => cancelledResult(response()));
    if (!collector.isFinished()) throw new Error("The provider's stream ended before the answer was complete.");
    sink.end(writer.end());
    return deliveryOf(false, () => okResult(response()));
  } catch (error) {
    if (call.signal.aborted) return deliveryOf(true, () => cancelledResult(response()));
    const problem = describe(error);
    if (problem === null) {
      // A bug goes to the log, but the caller must learn that the stream has ended.
      sink.end(writer.fail({ code: "internal", message: INTERNAL_MESSAGE, status: 500 }));
      throw error;
    }
    const { type, message } = problem;
    sink.end(writer.fail({ code: type, message, status: 502 }));
    return deliveryOf(true, () => errorResult(type, message, response()));
  } finally {
    keepAlive?.stop();
  }
}

/** Null for an unexpected error. */
function describe(error: unknown): { type: string; message: string } | null {
  if (error instanceof Error && error.constructor === Error) return { type: "provider_failed", message: error.message };
  const failure = expectedFailure(error);
  if (failure === null) return null;
  const type = failure.kind.endsWith("timeout") ? "provider_timeout" : (failure.type ?? "provider_failed");
  return { type, message: failure.message };
}

const hasToken = ({ choices }: ChatChunk) =>
  choices.some(({ delta }) =>
    Boolean(delta.content || delta.reasoning_content || delta.tool_calls?.length || delta.refusal),
  );

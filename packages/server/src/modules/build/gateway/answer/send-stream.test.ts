import { expect, test } from "vitest";
import { systemClock } from "../../../../kernel/clock.ts";
import type { StreamListener } from "../attempt/outcome.ts";
import type { ChunkReader } from "../formats/hub/hub.ts";
import { readCall } from "../request/read-call.ts";
import { createArraySink } from "../testing/array-sink.ts";
import { SCOPE } from "../testing/open-gateway.ts";
import { sendStream } from "./send-stream.ts";

/** A stream of two events and no last one, before a reader with a fault of ours. */
function begin(reader: ChunkReader) {
  const request = { model: "m", stream: true, messages: [] };
  const caller = { bytes: Buffer.from("{}"), headers: {}, signal: new AbortController().signal, requestId: "r" };
  const call = readCall({ scope: SCOPE, format: "chat", request, caller }, systemClock);
  const listeners: StreamListener[] = [];
  const stream = {
    head: Buffer.from('data: {"choices":[]}\n\n'),
    listen: (listener: StreamListener) => void listeners.push(listener),
    resume: () => {},
    abort: () => {},
  };
  const { sink, state, text } = createArraySink();
  sink.head(200, {});
  const outcome = { kind: "stream", stream, headers: {}, reader, hidesUsage: false } as const;
  const delivered = sendStream(call, outcome, { sink, model: "m", clock: systemClock });
  return { delivered, listeners, state, text };
}

test.each(["read", "end"] as const)(
  "a stream that our reader stumbles over (%s) and that has no last event ends for its caller, and fails for its span",
  async (place) => {
    const stumble = () => {
      throw new TypeError("a fault of ours");
    };
    const { delivered, listeners, state, text } = begin({ read: () => [], end: () => [], [place]: stumble });
    for (const { onEnd } of listeners) expect(onEnd).not.toThrow();
    const { isBroken, result } = await delivered;
    expect(state.isEnded).toBe(true);
    expect(text()).toContain('"code":"invalid_response"');
    expect(isBroken).toBe(true);
    expect(result).toThrow("a fault of ours");
  },
);

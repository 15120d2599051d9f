import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../../../kernel/clock.ts";
import { chunkOf } from "../formats/hub/chunks.ts";
import type { ChatChunk } from "../formats/hub/hub.ts";
import { readCall } from "../request/read-call.ts";
import { createArraySink } from "../testing/array-sink.ts";
import { dataOf, REQUESTS, streamedText } from "../testing/format-examples.ts";
import { SCOPE } from "../testing/open-gateway.ts";
import { KEEP_ALIVE } from "./keep-alive.ts";
import { sendChunks } from "./send-chunks.ts";

const HEAD = { id: "chatcmpl-1", model: "m", now: 0 };
const STORED = { id: "", object: "chat.completion", created: 0, model: "m", choices: [] } as const;
const FORMATS = ["chat", "completions", "responses", "messages"] as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stream of which nothing comes before `release`. */
function begin(format: (typeof FORMATS)[number], isGuarded: boolean) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const request = { ...REQUESTS[format]("Hi"), stream: true };
  const caller = { bytes: Buffer.from("{}"), headers: {}, signal: new AbortController().signal, requestId: "r" };
  const call = readCall({ scope: SCOPE, format, request, caller }, systemClock);
  async function* chunks(): AsyncGenerator<ChatChunk> {
    await released;
    yield chunkOf(HEAD, { delta: { content: "Hello" } });
    yield chunkOf(HEAD, { finish: "stop" });
  }
  const receiver = createArraySink();
  receiver.sink.head(200, {});
  const stored = isGuarded ? () => ({ ...STORED, choices: [] }) : undefined;
  const delivered = sendChunks(call, chunks(), { sink: receiver.sink, model: "m", clock: systemClock, stored });
  return { ...receiver, release, delivered };
}

describe.each(FORMATS)("%s", (format) => {
  test("a stream that guards hold sends a comment every ten seconds, and its events are the same", async () => {
    const { text, release, delivered, state } = begin(format, true);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(text()).toBe("");
    await vi.advanceTimersByTimeAsync(20_001);
    expect(text()).toBe(KEEP_ALIVE.repeat(3));
    release();
    const { firstTokenAt, isBroken } = await delivered;
    expect(isBroken).toBe(false);
    expect(firstTokenAt).not.toBeNull();
    expect(streamedText(text())).toBe("Hello");
    expect(dataOf(text()).length).toBeGreaterThan(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.chunks.filter((chunk) => chunk === KEEP_ALIVE)).toHaveLength(3);
  });

  test("a stream without guards is as silent as its provider", async () => {
    const { text, release, delivered } = begin(format, false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(text()).toBe("");
    release();
    await delivered;
  });
});

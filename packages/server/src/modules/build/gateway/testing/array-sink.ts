import type { Sink } from "../../../../kernel/sink.ts";

/** A receiver that stores the received data. */
export function createArraySink() {
  const state = {
    status: 0,
    headers: {} as Readonly<Record<string, string>>,
    chunks: [] as string[],
    isEnded: false,
    isDestroyed: false,
  };
  const decoder = new TextDecoder();
  const textOf = (chunk: Uint8Array | string) => (typeof chunk === "string" ? chunk : decoder.decode(chunk));
  const sink: Sink = {
    isOpen() {
      return !state.isEnded && !state.isDestroyed;
    },
    head(status, headers) {
      if (state.status !== 0) throw new Error("the head was sent twice");
      state.status = status;
      state.headers = headers;
    },
    write(chunk) {
      if (state.status === 0) throw new Error("a byte was sent before the head");
      if (state.isEnded) throw new Error("a byte was sent after the end");
      state.chunks.push(textOf(chunk));
      return true;
    },
    drained: async () => {},
    end(chunk) {
      if (state.isEnded) throw new Error("the answer was ended twice");
      if (chunk !== undefined) state.chunks.push(textOf(chunk));
      state.isEnded = true;
    },
    destroy() {
      state.isDestroyed = true;
    },
  };
  return { sink, state, text: () => state.chunks.join(""), json: () => JSON.parse(state.chunks.join("")) };
}

import type { ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Sink } from "../../../kernel/sink.ts";
import { WARNINGS } from "../input/unknown-input.ts";

type Options = {
  /** Headers that every answer carries. */
  readonly headers: Readonly<Record<string, string>>;
  /** Called once, before anything is sent. */
  onHead(): void;
  /** Sends a whole response at the end of this event loop turn, together with other responses. */
  sendLater(send: () => void): void;
};

/**
 * A sink over a response. A whole response is sent with its length in one packet. A stream's head is sent separately
 * and immediately.
 */
export function createRawSink(response: ServerResponse, options: Options): Sink {
  let head: { status: number; headers: Readonly<Record<string, string>> } | null = null;
  /** Where chunks go once the head is on its way. */
  let line: Socket | null = null;
  let isEnded = false;

  function sendHead(length?: number) {
    if (head === null) return;
    const { status, headers } = head;
    head = null;
    if (length === undefined || headers["content-length"] !== undefined) response.writeHead(status, headers);
    else response.writeHead(status, { ...headers, "content-length": String(length) });
  }

  return {
    isOpen() {
      return !isEnded && !response.destroyed;
    },
    head(status, headers) {
      options.onHead();
      head = { status, headers: { ...options.headers, ...headers, ...joinedWarnings(options.headers, headers) } };
      setImmediate(() => {
        if (head === null || isEnded || response.destroyed) return;
        sendHead();
        response.flushHeaders();
      });
    },
    write(chunk) {
      if (isEnded || response.destroyed) return true;
      if (line !== null && typeof chunk !== "string") return chunk.length === 0 || line.write(toChunk(chunk));
      sendHead();
      const isRoomy = response.write(chunk);
      line = lineOf(response);
      return isRoomy;
    },
    drained() {
      const waiting = line ?? response;
      if (response.destroyed || !waiting.writableNeedDrain) return Promise.resolve();
      return new Promise((resolve) => {
        const settle = () => {
          waiting.off("drain", settle);
          response.off("close", settle);
          resolve();
        };
        waiting.on("drain", settle);
        response.on("close", settle);
      });
    },
    end(chunk) {
      if (isEnded || response.destroyed) return;
      isEnded = true;
      if (head === null) return void response.end(chunk);
      options.sendLater(() => {
        if (response.destroyed) return;
        sendHead(chunk === undefined ? 0 : Buffer.byteLength(chunk));
        response.end(chunk);
      });
    },
    destroy(error) {
      response.destroy(error);
    },
  };
}

/** The caller gets the warnings of the request and of its handler. */
function joinedWarnings(...all: readonly Options["headers"][]): Options["headers"] {
  const warnings = all.flatMap((headers) => headers[WARNINGS] ?? []);
  return warnings.length > 1 ? { [WARNINGS]: warnings.join(" ") } : {};
}

/** The connection of a response in chunks whose turn it is; null for a caller of HTTP 1.0, or one who waits behind another answer. */
const lineOf = ({ socket, chunkedEncoding }: ServerResponse): Socket | null =>
  chunkedEncoding && socket instanceof Socket ? socket : null;

/** One chunk of HTTP in one piece: Node would write its length, its bytes and its end as four. */
function toChunk(bytes: Uint8Array): Buffer {
  const length = `${bytes.length.toString(16)}\r\n`;
  const chunk = Buffer.allocUnsafe(length.length + bytes.length + 2);
  chunk.write(length, 0, "latin1");
  chunk.set(bytes, length.length);
  chunk[chunk.length - 2] = 0x0d;
  chunk[chunk.length - 1] = 0x0a;
  return chunk;
}

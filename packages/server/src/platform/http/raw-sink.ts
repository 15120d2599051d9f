import type { ServerResponse } from "node:http";
import type { Sink } from "../../kernel/sink.ts";

type Options = {
  /** Headers that every answer carries. */
  readonly headers: Readonly<Record<string, string>>;
  /** Called once, before anything is sent. */
  onHead(): void;
};

/**
 * A sink over a response.
 * A whole answer given at once goes out with its length and in one packet; a stream's head goes out by itself at once.
 */
export function createRawSink(response: ServerResponse, options: Options): Sink {
  let head: { status: number; headers: Readonly<Record<string, string>> } | null = null;

  function sendHead(length?: number) {
    if (head === null) return;
    const { status, headers } = head;
    head = null;
    if (length === undefined || headers["content-length"] !== undefined) response.writeHead(status, headers);
    else response.writeHead(status, { ...headers, "content-length": String(length) });
  }

  return {
    get isOpen() {
      return !response.destroyed && !response.writableEnded;
    },
    head(status, headers) {
      options.onHead();
      head = { status, headers: { ...options.headers, ...headers } };
      setImmediate(() => {
        if (head === null || response.destroyed) return;
        sendHead();
        response.flushHeaders();
      });
    },
    write(chunk) {
      if (response.destroyed || response.writableEnded) return true;
      sendHead();
      return response.write(chunk);
    },
    drained() {
      if (response.destroyed || !response.writableNeedDrain) return Promise.resolve();
      return new Promise((resolve) => {
        const settle = () => {
          response.off("drain", settle);
          response.off("close", settle);
          resolve();
        };
        response.on("drain", settle);
        response.on("close", settle);
      });
    },
    end(chunk) {
      if (response.destroyed || response.writableEnded) return;
      sendHead(chunk === undefined ? 0 : Buffer.byteLength(chunk));
      response.end(chunk);
    },
    destroy(error) {
      response.destroy(error);
    },
  };
}

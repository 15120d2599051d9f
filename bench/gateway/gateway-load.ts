import { connect, type Socket } from "node:net";

export type LoadResult = {
  readonly requests: number;
  readonly failed: number;
  readonly seconds: number;
  readonly latenciesMs: Float64Array;
};
type Load = {
  readonly port: number;
  readonly request: Buffer;
  readonly connections: number;
  readonly milliseconds: number;
  /** How long each connection rests after an answer; not at all by default. */
  readonly pauseMs?: number;
};

/** The bytes of a POST, made once: the load generator shares two cores with what it measures. */
export function buildRequest(path: string, headers: Readonly<Record<string, string>>, body: string): Buffer {
  const lines = Object.entries({
    host: "127.0.0.1",
    "content-type": "application/json",
    ...headers,
    "content-length": String(Buffer.byteLength(body)),
  });
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join("\r\n")}\r\n\r\n${body}`,
  );
}

/** Sends one request after another over `connections` sockets. */
export async function runLoad({ port, request, connections, milliseconds, pauseMs = 0 }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  let failed = 0;
  const startedAt = performance.now();
  const deadline = startedAt + milliseconds;
  const worker = async () => {
    const socket = await openSocket(port);
    while (performance.now() < deadline) {
      const sentAt = performance.now();
      const status = await exchange(socket, request);
      latencies.push(performance.now() - sentAt);
      if (status < 200 || status > 299) failed++;
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const sorted = Float64Array.from(latencies).sort();
  return { requests: sorted.length, failed, seconds: (performance.now() - startedAt) / 1_000, latenciesMs: sorted };
}

export const percentile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

export const openSocket = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });

/** Sends one request and resolves with the status once the answer is whole. */
function exchange(socket: Socket, request: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const finish = (status: number) => {
      socket.off("data", onData);
      socket.off("close", onClose);
      resolve(status);
    };
    const onClose = () => reject(new Error("the connection was closed in the middle of an answer"));
    const onData = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const status = wholeStatus(received);
      if (status !== null) finish(status);
    };
    socket.on("data", onData);
    socket.on("close", onClose);
    socket.write(request);
  });
}

/** The status of an answer that is whole; null while it is not. */
function wholeStatus(bytes: Buffer): number | null {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd === -1) return null;
  const head = bytes.toString("latin1", 0, headEnd).toLowerCase();
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  const isWhole =
    length === undefined ? bytes.subarray(-5).equals(CHUNKED_END) : bytes.length >= headEnd + 4 + Number(length);
  return isWhole ? Number(head.slice(9, 12)) : null;
}
const CHUNKED_END = Buffer.from("0\r\n\r\n");

export type StreamResult = { readonly chunks: number; readonly failed: number; readonly firstByteMs: Float64Array };

/** Opens `streams` streams at once and reads each to its end. */
export async function runStreams({
  port,
  request,
  streams,
}: {
  port: number;
  request: Buffer;
  streams: number;
}): Promise<StreamResult> {
  const first: number[] = [];
  let chunks = 0;
  let failed = 0;
  await Promise.all(
    Array.from({ length: streams }, async () => {
      const socket = await openSocket(port);
      const text = await readStream(socket, request, (milliseconds) => first.push(milliseconds));
      socket.destroy();
      chunks += text.split("data: {").length - 1;
      if (!text.includes("[DONE]")) failed++;
    }),
  );
  return { chunks, failed, firstByteMs: Float64Array.from(first).sort() };
}

function readStream(socket: Socket, request: Buffer, onFirst: (milliseconds: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const sentAt = performance.now();
    const pieces: Buffer[] = [];
    let isBegun = false;
    socket.on("data", (chunk: Buffer) => {
      pieces.push(chunk);
      // The head may come by itself; the first byte of the answer is the first of its events.
      if (!isBegun && chunk.includes("data: ")) {
        isBegun = true;
        onFirst(performance.now() - sentAt);
      }
      if (chunk.subarray(-5).equals(CHUNKED_END)) resolve(Buffer.concat(pieces).toString());
    });
    socket.once("close", () => resolve(Buffer.concat(pieces).toString()));
    socket.once("error", reject);
    socket.write(request);
  });
}

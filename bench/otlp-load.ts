import type { Socket } from "node:net";
import { openSocket } from "./gateway-load.ts";
import type { Running } from "./gateway-processes.ts";
import { freshenIds, makeRequest, placesOfIds } from "./otlp-spans.ts";

type Load = {
  readonly running: Running;
  /** Spans in each request. */
  readonly batch: number;
  readonly connections: number;
  readonly milliseconds: number;
  /** Spans a second over all connections; as fast as it goes when left out. */
  readonly rate?: number;
};
export type Sent = {
  readonly spans: number;
  readonly failed: number;
  readonly seconds: number;
  readonly ackMs: Float64Array;
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends requests to `/v1/traces` over connections that stay open, each with ids of its own. */
export async function sendSpans({ running, batch, connections, milliseconds, rate }: Load): Promise<Sent> {
  const latencies: number[] = [];
  let failed = 0;
  const startedAt = performance.now();
  const deadline = startedAt + milliseconds;
  const everyMs = rate === undefined ? 0 : (batch * connections * 1_000) / rate;
  const send = async (_: unknown, place: number) => {
    const socket = await openSocket(running.port);
    const { request, ids } = buildExport(running, batch);
    let dueAt = startedAt + (everyMs * place) / connections;
    while (performance.now() < deadline) {
      if (everyMs > 0) {
        const wait = dueAt - performance.now();
        if (wait > 0) await pause(wait);
        dueAt += everyMs;
      }
      freshenIds(request, ids);
      const sentAt = performance.now();
      if ((await exchange(socket, request)) !== 200) failed += 1;
      latencies.push(performance.now() - sentAt);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, send));
  const ackMs = Float64Array.from(latencies).sort();
  return { spans: ackMs.length * batch, failed, seconds: (performance.now() - startedAt) / 1_000, ackMs };
}

function buildExport({ headers }: Running, batch: number) {
  const body = makeRequest(batch);
  const lines = [
    "POST /v1/traces HTTP/1.1",
    "host: 127.0.0.1",
    "content-type: application/x-protobuf",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
  ];
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
  const ids = placesOfIds(body).map((place) => place + head.length);
  return { request: Buffer.concat([head, body]), ids };
}

/** The status of the answer, once it is whole. */
function exchange(socket: Socket, request: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = "";
    const onClose = () => reject(new Error("the connection was closed in the middle of an answer"));
    const onData = (chunk: Buffer) => {
      received += chunk.toString("latin1");
      const headEnd = received.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (headEnd < 0 || received.length < headEnd + 4 + length) return;
      socket.off("data", onData);
      socket.off("close", onClose);
      resolve(Number(received.slice(9, 12)));
    };
    socket.on("data", onData);
    socket.on("close", onClose);
    socket.write(request);
  });
}

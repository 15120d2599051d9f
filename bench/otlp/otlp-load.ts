import type { Socket } from "node:net";
import { openSocket } from "../gateway/gateway-load.ts";
import type { Running } from "../gateway/gateway-processes.ts";
import { freshenIds, makeRequest, placesOfIds } from "./otlp-spans.ts";

/** One connection to a server, with a request that is sent again and again under other ids. */
export type Sender = {
  /** Whether the server took the spans. */
  send(): Promise<boolean>;
  close(): void;
};
export type Load = Senders & Pace;
export type Senders = {
  readonly running: Running;
  /** Spans in each request. */
  readonly batch: number;
  readonly connections: number;
  /** How one connection is opened, for requests of so many spans; over HTTP when left out. */
  readonly open?: (running: Running, batch: number) => Promise<Sender>;
};
export type Pace = {
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

/** Sends requests over persistent connections, each with its own ids, one at a time per connection. */
export async function sendSpans({ milliseconds, rate, ...load }: Load): Promise<Sent> {
  const senders = await openSenders(load);
  try {
    return await senders.send({ milliseconds, ...(rate !== undefined && { rate }) });
  } finally {
    senders.close();
  }
}

/** All connections, each with its request made: making the spans of one would hold up the answer to another. */
export async function openSenders({ running, batch, connections, open = openHttp }: Senders) {
  const senders = await Promise.all(Array.from({ length: connections }, () => open(running, batch)));
  return {
    async send({ milliseconds, rate }: Pace): Promise<Sent> {
      const latencies: number[] = [];
      let failed = 0;
      const startedAt = performance.now();
      const deadline = startedAt + milliseconds;
      const everyMs = rate === undefined ? 0 : (batch * connections * 1_000) / rate;
      const keepSending = async (sender: Sender, place: number) => {
        let dueAt = startedAt + (everyMs * place) / connections;
        do {
          if (everyMs > 0) {
            const wait = dueAt - performance.now();
            if (wait > 0) await pause(wait);
            dueAt += everyMs;
          }
          const sentAt = performance.now();
          if (!(await sender.send())) failed += 1;
          latencies.push(performance.now() - sentAt);
        } while (performance.now() < deadline);
      };
      await Promise.all(senders.map(keepSending));
      const ackMs = Float64Array.from(latencies).sort();
      return { spans: ackMs.length * batch, failed, seconds: (performance.now() - startedAt) / 1_000, ackMs };
    },
    close() {
      for (const sender of senders) sender.close();
    },
  };
}

/** A connection that sends to `/v1/traces`. */
async function openHttp(running: Running, batch: number): Promise<Sender> {
  const socket = await openSocket(running.port);
  const { request, ids } = buildExport(running, batch);
  return {
    async send() {
      freshenIds(request, ids);
      return (await exchange(socket, request)) === 200;
    },
    close: () => void socket.destroy(),
  };
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

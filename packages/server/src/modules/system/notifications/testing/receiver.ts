import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export type Received = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly path: string };
export type Reply = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** A local receiver of messages. It answers what the test says, or never if that is null. */
export async function openReceiver() {
  const received: Received[] = [];
  let answer: (request: Received) => Reply | null = () => ({ status: 200, body: "ok" });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = { headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url ?? "" };
      received.push(one);
      const reply = answer(one);
      if (reply) response.writeHead(reply.status, reply.headers).end(reply.body ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer(next: typeof answer | Reply | null) {
      answer = typeof next === "function" ? next : () => next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type Receiver = Awaited<ReturnType<typeof openReceiver>>;

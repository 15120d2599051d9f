import { systemClock } from "../../../kernel/clock.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createClientAddresses } from "../../http/listen/client-address.ts";
import { createLog } from "../../log/pino-log.ts";
import { createMetrics } from "../../metrics/metrics.ts";
import { startGrpcListening } from "../listen.ts";
import type { GrpcMethod } from "../port.ts";
import { createGrpcServer } from "../server.ts";
import { openGrpcClient } from "./call-grpc.ts";

export const ECHO = "/notes.Notes/Echo";
const WRITER: Scope = { projectId: "p", actor: "key_w", userId: null, permissions: new Set(["traces:write"]) };
const READER: Scope = { ...WRITER, actor: "key_r", permissions: new Set(["traces:read"]) };

type Options = Partial<Pick<Parameters<typeof createGrpcServer>[0], "limits" | "maxBytes" | "drainSeconds">> & {
  readonly handle?: GrpcMethod["handle"];
  readonly permission?: GrpcMethod["permission"];
  readonly strangerMs?: number;
};

/** A server with one method that echoes its input. `Bearer writer` can call it. */
export async function startGrpc({ handle, permission = "traces:write", strangerMs, ...more }: Options = {}) {
  const listener = await startGrpcListening({
    host: "127.0.0.1",
    port: 0,
    ...(strangerMs !== undefined && { strangerMs }),
  });
  const server = createGrpcServer({
    listener,
    methods: [{ path: ECHO, permission, handle: handle ?? (async (_scope, bytes) => bytes) }],
    async authenticate({ authorization }) {
      if (authorization === "Bearer broken") throw new Error("the database broke: secret");
      return authorization === "Bearer writer" ? WRITER : authorization === "Bearer reader" ? READER : null;
    },
    clients: createClientAddresses([]),
    maxMessageBytes: 1_000_000,
    maxBytes: 3_000_000,
    drainSeconds: 5,
    log: createLog("silent", { write() {} }),
    metrics: createMetrics(),
    clock: systemClock,
    ...more,
  });
  const client = openGrpcClient(listener.port);
  const echo = (text: string, key = "writer", isZipped = false) =>
    client.call(ECHO, Buffer.from(text), { headers: { authorization: `Bearer ${key}` }, isZipped });
  return {
    server,
    listener,
    client,
    echo,
    async close() {
      client.close();
      await server.close();
    },
  };
}

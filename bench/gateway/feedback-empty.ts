// The peers for feedback: an empty route of plain Fastify with the same JSON, and the same route behind Treadle's HTTP
// layer, with its keys, request ids, counters and logs.
// Usage: node bench/gateway/feedback-empty.ts PLAIN_PORT OWN_PORT KEY
import { hash } from "node:crypto";
import { Done, defineApi, PERMISSIONS, Span } from "@treadle/contract";
import { fastify } from "fastify";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import type { Scope } from "../../packages/server/src/kernel/scope.ts";
import { createSentBefore } from "../../packages/server/src/modules/system/projects/sign-in/sent-before.ts";
import { mount } from "../../packages/server/src/platform/http/handlers.ts";
import { createClientAddresses } from "../../packages/server/src/platform/http/listen/client-address.ts";
import { startListening } from "../../packages/server/src/platform/http/listen/listen.ts";
import { createHttp } from "../../packages/server/src/platform/http/server.ts";
import { createRequestCount } from "../../packages/server/src/platform/http/traffic/request-count.ts";
import { NO_KEYS } from "../../packages/server/src/platform/idempotency/testing/no-keys.ts";
import { createLog, openLogOutput } from "../../packages/server/src/platform/log/pino-log.ts";
import { createMetrics } from "../../packages/server/src/platform/metrics/metrics.ts";

const [plainPort = "", ownPort = "", key = ""] = process.argv.slice(2);

const plain = fastify();
plain.post("/empty", async () => ({ ok: true }));
await plain.listen({ host: "127.0.0.1", port: Number(plainPort) });

const emptyApi = defineApi({
  "POST /empty": {
    name: "postEmpty",
    summary: "Nothing",
    permission: "feedback:write",
    // Any JSON.
    body: Span.shape.input,
    response: Done,
  },
});
const scope: Scope = { projectId: "p", actor: "key_bench", userId: null, permissions: new Set(PERMISSIONS) };
const hashOf = (text: string) => hash("sha256", text, "hex");
const hashSent = createSentBefore(hashOf);
const known = new Map([[hashOf(key), scope]]);
const listener = await startListening({ host: "127.0.0.1", port: Number(ownPort) });
const http = await createHttp({
  listener,
  clients: createClientAddresses([]),
  isBehindProxy: false,
  mounted: [mount(emptyApi, { "POST /empty": async () => ({ ok: true }) })],
  authenticate: ({ authorization = "" }, _address, connection) =>
    known.get(hashSent(authorization.replace(/^Bearer /, ""), connection) ?? "") ?? null,
  allowedHosts: ["127.0.0.1"],
  maxBodyBytes: 1_000_000,
  drainSeconds: 1,
  log: createLog("warn", openLogOutput()),
  metrics: createMetrics(),
  requests: createRequestCount(),
  web: null,
  openApi: async () => Buffer.from("{}"),
  idempotency: NO_KEYS,
  clock: systemClock,
});
listener.handOver(http.app);

// What a prompt's read is measured against: an empty route of plain Fastify, and the same behind this product's own HTTP layer, with its
// keys, request ids, counters and logs. Usage: node bench/gateway/prompts-empty.ts PLAIN_PORT OWN_PORT KEY
import { createHash } from "node:crypto";
import { Done, defineApi, PERMISSIONS } from "@treadle/contract";
import { fastify } from "fastify";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import type { Scope } from "../../packages/server/src/kernel/scope.ts";
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
plain.get("/empty/:name", async () => ({ ok: true }));
await plain.listen({ host: "127.0.0.1", port: Number(plainPort) });

const emptyApi = defineApi({
  "GET /empty/:name": {
    name: "getEmpty",
    summary: "Nothing",
    permission: "prompts:read",
    response: Done,
  },
});
const scope: Scope = { projectId: "p", actor: "key_bench", userId: null, permissions: new Set(PERMISSIONS) };
const hashOf = (text: string) => createHash("sha256").update(text).digest("base64");
const known = new Map([[hashOf(key), scope]]);
const listener = await startListening({ host: "127.0.0.1", port: Number(ownPort) });
const http = await createHttp({
  listener,
  clients: createClientAddresses([]),
  isBehindProxy: false,
  mounted: [mount(emptyApi, { "GET /empty/:name": async () => ({ ok: true }) })],
  authenticate: ({ authorization = "" }) => known.get(hashOf(authorization.replace(/^Bearer /, ""))) ?? null,
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

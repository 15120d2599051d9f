// What a prompt's read is measured against: an empty route of plain Fastify, and the same behind this product's own HTTP layer, with its
// keys, request ids, counters and logs. Usage: node bench/prompts-empty.ts PLAIN_PORT OWN_PORT KEY
import { createHash } from "node:crypto";
import { Done, defineApi, PERMISSIONS } from "@treadle/contract";
import { fastify } from "fastify";
import { systemClock } from "../packages/server/src/kernel/clock.ts";
import type { Scope } from "../packages/server/src/kernel/scope.ts";
import { mount } from "../packages/server/src/platform/http/handlers.ts";
import { startListening } from "../packages/server/src/platform/http/listen.ts";
import { createRequestCount } from "../packages/server/src/platform/http/request-count.ts";
import { createHttp } from "../packages/server/src/platform/http/server.ts";
import { createLog } from "../packages/server/src/platform/log/pino-log.ts";
import { createMetrics } from "../packages/server/src/platform/metrics/metrics.ts";

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
  mounted: [mount(emptyApi, { "GET /empty/:name": async () => ({ ok: true }) })],
  authenticate: ({ authorization = "" }) => known.get(hashOf(authorization.replace(/^Bearer /, ""))) ?? null,
  allowedHosts: ["127.0.0.1"],
  maxBodyBytes: 1_000_000,
  drainSeconds: 1,
  log: createLog("warn"),
  metrics: createMetrics(),
  requests: createRequestCount(),
  web: null,
  openApi: {},
  clock: systemClock,
});
listener.handOver(http.app);

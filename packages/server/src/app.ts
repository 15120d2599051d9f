import { readFile } from "node:fs/promises";
import { PERMISSIONS } from "@treadle/contract";
import { type Modules, openModules } from "./areas/open-modules.ts";
import type { ServerBootstrap } from "./bootstrap.ts";
import type { Config } from "./config.ts";
import { systemClock as clock } from "./kernel/clock.ts";
import type { Module } from "./kernel/module.ts";
import type { Scope } from "./kernel/scope.ts";
import { otlpMethods } from "./modules/observe/traces/index.ts";
import { openMcp } from "./modules/system/mcp/index.ts";
import { OTLP_BYTES } from "./platform/http/answer/otlp-status.ts";
import { isLoopbackName } from "./platform/http/listen/allowed-hosts.ts";
import { createClientAddresses } from "./platform/http/listen/client-address.ts";
import { createHttp } from "./platform/http/server.ts";
import { createRequestCount, type RequestCount } from "./platform/http/traffic/request-count.ts";
import { measureLog } from "./platform/log/measure-log.ts";
import { createMetrics } from "./platform/metrics/metrics.ts";
import { measureSpool } from "./platform/spool/measure-spool.ts";
import { openStores, type Stores } from "./stores.ts";

/** The composition root: opens the stores and the modules, and serves what they have. */
export async function createApp(ground: ServerBootstrap) {
  const stores = await openStores(ground);
  const metrics = createMetrics();
  measureSpool(metrics, stores.spool);
  measureLog(metrics, ground.logOutput);
  const requests = createRequestCount();
  const modules = openModules(ground, stores, { metrics, requests });
  const list: readonly Module<unknown>[] = Object.values(modules);
  const serving: Serving = { modules, metrics, requests, idempotency: stores.idempotency };
  const http = await openHttp(ground, list, serving);
  const grpc = await openGrpc(ground, serving);
  for (const module of list) await module.start?.();
  stores.jobs.start();
  return {
    models: modules.models.api,
    projects: modules.projects.api,
    samples: modules.samples.api,
    http,
    /** Null unless the setting of its port is set. */
    grpc,
    /** Answers running requests, then writes everything down and closes it. */
    async close() {
      for (const module of list) module.stopWaiting?.();
      await Promise.all([http.close(), grpc?.close()]);
      await stores.jobs.close();
      for (const module of list.toReversed()) await module.close?.();
      await stores.close();
    },
  };
}
export type App = Awaited<ReturnType<typeof createApp>>;

type Serving = {
  readonly modules: Modules;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly requests: RequestCount;
  readonly idempotency: Stores["idempotency"];
};

/** The documentation that comes with the program. */
const DOCS = new URL("../../../docs/", import.meta.url);
/** Generated from the contract by `npm run generate`, so that no server spends time on it. */
const OPEN_API = new URL("../../../openapi.json", import.meta.url);

function openHttp(
  { config, listener, log, version, webFolder }: ServerBootstrap,
  list: readonly Module<unknown>[],
  { modules, metrics, requests, idempotency }: Serving,
) {
  const mounted = list.flatMap(({ routes }) => routes).map(modules.content.api);
  const mcp = openMcp({ mounted: mounted.flat(), docs: DOCS, version, log });
  return createHttp({
    listener,
    mounted: [...mounted, ...mcp.routes],
    authenticate: modules.projects.api.authenticate,
    clients: createClientAddresses(config.TREADLE_TRUSTED_PROXIES, log),
    isBehindProxy: isBehindProxy(config),
    allowedHosts: allowedHosts(config),
    maxBodyBytes: config.TREADLE_MAX_BODY_MB * 1024 * 1024,
    drainSeconds: config.TREADLE_DRAIN_SECONDS,
    log,
    metrics,
    requests,
    web: webFolder === null ? null : { folder: webFolder },
    openApi: () => readFile(OPEN_API),
    idempotency,
    clock,
  });
}

/** Imported only when its port is set, so that no other start waits for it. */
async function openGrpc({ config, grpcListener: listener, log }: ServerBootstrap, { modules, metrics }: Serving) {
  if (listener === null) return null;
  const { createGrpcServer } = await import("./platform/grpc/server.ts");
  return createGrpcServer({
    listener,
    methods: otlpMethods(modules.otlp.api),
    authenticate: modules.projects.api.authenticate,
    clients: createClientAddresses(config.TREADLE_TRUSTED_PROXIES, log),
    maxMessageBytes: Math.max(config.TREADLE_MAX_BODY_MB * 1024 * 1024, OTLP_BYTES),
    maxBytes: OTLP_BYTES * 3,
    drainSeconds: config.TREADLE_DRAIN_SECONDS,
    log,
    metrics,
    clock,
  });
}

function allowedHosts(config: Config): string[] {
  const publicHost = config.TREADLE_PUBLIC_URL ? [new URL(config.TREADLE_PUBLIC_URL).host] : [];
  return [config.TREADLE_HOST, ...publicHost, ...config.TREADLE_ALLOWED_HOSTS];
}

/** Whether people reach the server under another name than its own, or the operator names a proxy. */
function isBehindProxy({ TREADLE_TRUSTED_PROXIES, TREADLE_PUBLIC_URL: url }: Config): boolean {
  return TREADLE_TRUSTED_PROXIES.length > 0 || (url !== undefined && !isLoopbackName(new URL(url).hostname));
}

/** The server acting for itself in a project, such as when it pulls the default model. */
export const systemScope = (projectId: string): Scope => ({
  projectId,
  actor: "system",
  userId: null,
  permissions: new Set(PERMISSIONS),
});

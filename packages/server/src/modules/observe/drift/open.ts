import type { Module } from "../../../kernel/module.ts";
import type { Thread } from "../../../platform/threads/port.ts";
import { driftRoutes } from "./routes.ts";
import { createDrift, type Drift } from "./service.ts";
import type { DriftDeps } from "./stores/deps.ts";
import type { DriftOrders } from "./texts/drift-work.ts";

type Opened = Omit<DriftDeps, "thread"> & { readonly thread: Thread<DriftOrders> };

export function openDrift(deps: Opened): Module<Drift> {
  const api = createDrift(deps);
  return { api, routes: [driftRoutes(api)], start: api.start, close: deps.thread.close };
}

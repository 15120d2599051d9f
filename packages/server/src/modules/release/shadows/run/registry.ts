import type { AnsweredCall } from "../../../build/gateway/index.ts";
import type { ShadowRow } from "../stores/shadow-store.ts";
import { type ActiveShadow, createActiveShadow } from "./active-shadow.ts";
import type { OnChange, RunDeps } from "./deps.ts";

type Entry = ActiveShadow & { readonly mirror: (answered: AnsweredCall) => void };

/** The running shadows of all projects by endpoint, in memory: the gateway looks here after each call of an endpoint. */
export function createRegistry(deps: RunDeps, onChange: OnChange) {
  const byEndpoint = new Map<string, Entry>();
  const stopping = new Map<string, Promise<void>>();

  function stop(endpointId: string): Promise<void> {
    const shadow = byEndpoint.get(endpointId);
    if (!shadow) return stopping.get(endpointId) ?? Promise.resolve();
    byEndpoint.delete(endpointId);
    const closing = shadow.close().finally(() => stopping.delete(endpointId));
    stopping.set(endpointId, closing);
    return closing;
  }

  return {
    find: (endpointId: string): Entry | undefined => byEndpoint.get(endpointId),

    start(row: ShadowRow): void {
      const shadow = createActiveShadow(deps, row, onChange);
      byEndpoint.set(row.endpointId, { ...shadow, mirror: shadow.offer });
    },

    /** Resolves when nothing of the endpoint's shadow runs and its counts are stored. */
    stop,

    async close(): Promise<void> {
      await Promise.all([...byEndpoint.keys()].map(stop));
    },
  };
}
export type Registry = ReturnType<typeof createRegistry>;

import type { Connection } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { type ChangeDeps, createConnectionChanges } from "./change-connections.ts";
import { PRESETS } from "./presets.ts";
import { createResolver, type ResolvedConnection } from "./resolve-connections.ts";
import { createConnectionStore, toConnection } from "./store.ts";

/** Asks a provider which models it has. The gateway knows how; here only the answer is needed. */
export type ListModels = (connection: ResolvedConnection) => Promise<string[]>;

export type ConnectionsDeps = ChangeDeps & { readonly log: Log; readonly listModels: ListModels };

/** The project's connections to model providers. Keys go in and are never given out again. */
export function createConnections({ log, listModels, ...deps }: ConnectionsDeps) {
  const store = createConnectionStore(deps.db);
  const changes = createConnectionChanges(deps);
  const resolver = createResolver({ store, log, secrets: deps.secrets, clock: deps.clock });

  async function get(scope: Scope, connectionId: string): Promise<Connection> {
    const connection = await store.find(scope.projectId, connectionId);
    if (!connection) throw notFound("connection", connectionId);
    return toConnection(connection.row, connection.keys);
  }

  return {
    presets: () => PRESETS.map(({ quirks: _, ...preset }) => preset),

    async list(scope: Scope): Promise<Connection[]> {
      const { rows, keys } = await store.list(scope.projectId);
      return rows.map((row) => toConnection(row, keys));
    },

    get,

    async create(scope: Scope, input: Parameters<typeof changes.create>[1]): Promise<Connection> {
      const connectionId = await changes.create(scope, input);
      resolver.forget(scope.projectId);
      return get(scope, connectionId);
    },

    /** A new scheme, host or port wipes the stored keys, unless the same request brings new ones. */
    async update(scope: Scope, connectionId: string, patch: Parameters<typeof changes.update>[2]): Promise<Connection> {
      await changes.update(scope, connectionId, patch);
      resolver.forget(scope.projectId);
      return get(scope, connectionId);
    },

    async delete(scope: Scope, connectionId: string): Promise<void> {
      await changes.delete(scope, connectionId);
      resolver.forget(scope.projectId);
    },

    /** Calls the provider with the stored settings. A failure of the provider is a result, not an error. */
    async test(scope: Scope, connectionId: string) {
      const connection = (await resolver.get(scope.projectId)).find(({ id }) => id === connectionId);
      if (!connection) throw notFound("connection", connectionId);
      const startedAt = deps.clock.elapsed();
      const took = () => Math.round(deps.clock.elapsed() - startedAt);
      try {
        const models = await listModels(connection);
        const message = `${connection.name} responded and offers ${models.length} model${models.length === 1 ? "" : "s"}.`;
        return { ok: true, message, durationMs: took(), models };
      } catch (error) {
        const message = error instanceof Error ? error.message : "The provider did not respond.";
        return { ok: false, message: redact(message, connection), durationMs: took(), models: [] };
      }
    },

    /** For the gateway: the project's connections with their keys opened, from memory. */
    resolve: (projectId: string) => resolver.get(projectId),
  };
}
export type Connections = ReturnType<typeof createConnections>;

/** A provider's words without our keys, should it have repeated one. */
export const redact = (text: string, { keys }: Pick<ResolvedConnection, "keys">) =>
  keys.reduce((clean, { value }) => (value.length >= 4 ? clean.replaceAll(value, "[key]") : clean), text);

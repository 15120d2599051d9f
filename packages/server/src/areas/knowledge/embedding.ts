import type { Scope } from "../../kernel/scope.ts";
import type { Embedding } from "../../modules/build/knowledge/index.ts";

type Sources = {
  readonly local: Embedding;
  readonly connected: Embedding;
  /** Whether the name is a model of a connection, or an endpoint. */
  readonly isConnected: (scope: Scope, model: string) => Promise<boolean>;
};

/** The embedding models of this machine and of connections. */
export function createEmbedding({ local, connected, isConnected }: Sources): Embedding {
  const of = async (scope: Scope, model: string) =>
    model !== "" && (await isConnected(scope, model)) ? connected : local;
  return {
    prepare: async (scope, model) => (await of(scope, model)).prepare(scope, model),
    find: async (scope, model) => (await of(scope, model)).find(scope, model),
    embed: async (scope, order, signal) => (await of(scope, order.model)).embed(scope, order, signal),
  };
}

import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { isAllowed } from "./allowed-models.ts";
import type {
  ConnectionSource,
  EndpointSource,
  LocalModels,
  ModelResolver,
  RegisteredModels,
} from "./resolve-model.ts";

type Deps = {
  readonly connections: ConnectionSource;
  readonly endpoints: EndpointSource;
  readonly registered: RegisteredModels;
  readonly models: Pick<LocalModels, "listReady">;
  readonly resolver: ModelResolver;
};
type Card = {
  id: string;
  object: "model";
  created: number;
  owned_by: string;
  /** For Anthropic's clients. */
  type: "model";
  display_name: string;
  created_at: string;
};

const card = (id: string, ownedBy: string): Card => ({
  id,
  object: "model",
  created: 0,
  owned_by: ownedBy,
  type: "model",
  display_name: id,
  created_at: "1970-01-01T00:00:00Z",
});

/** The models that a request can name, as OpenAI's list with Anthropic's fields added. */
export function createModelLists({ connections, endpoints, models, registered, resolver }: Deps) {
  async function cards({ projectId, models: allowed }: Scope): Promise<Card[]> {
    const named = await endpoints.resolve(projectId);
    const enabled = (await connections.resolve(projectId)).filter(({ isEnabled }) => isEnabled);
    const all = [
      ...[...named.keys()].map((name) => card(name, "endpoint")),
      ...models.listReady().map(({ modelId }) => card(modelId, "local")),
      ...(await registered.names(projectId)).map((name) => card(name, "registry")),
      ...enabled.flatMap((connection) => connection.models.map((model) => card(model, connection.slug))),
      ...enabled.flatMap((connection) =>
        connection.models.map((model) => card(`${connection.slug}/${model}`, connection.slug)),
      ),
    ];
    const byId = new Map<string, Card>();
    for (const entry of all) if (!byId.has(entry.id) && isAllowed(allowed, entry.id)) byId.set(entry.id, entry);
    return [...byId.values()];
  }

  return {
    async listModels(scope: Scope) {
      const data = await cards(scope);
      return {
        object: "list" as const,
        data,
        has_more: false,
        first_id: data[0]?.id ?? null,
        last_id: data.at(-1)?.id ?? null,
      };
    },
    /** Any model of a connection, listed or not. Throws `not_found`. */
    async getModel(scope: Scope, name: string): Promise<Card> {
      const listed = (await cards(scope)).find(({ id }) => id === name);
      if (listed) return listed;
      const { targets } = await resolver.plan(scope.projectId, name);
      const [first] = targets;
      if (!first) throw new AppError("not_found");
      return card(name, first.kind === "http" ? first.connection.slug : "local");
    },
  };
}

/** Whether a project has an endpoint or a model of a name, even if it cannot answer now. */
export const createHasModel =
  ({ plan }: Pick<ModelResolver, "plan">) =>
  async (projectId: string, name: string): Promise<boolean> => {
    try {
      await plan(projectId, name);
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.code !== "not_found";
    }
  };

import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { ModelResolver, ResolveDeps } from "./resolve-model.ts";

type Deps = Pick<ResolveDeps, "connections" | "endpoints" | "registered"> & {
  readonly models: { listReady(): readonly { readonly id: string }[] };
  readonly resolver: ModelResolver;
  readonly clock: Clock;
};
type Card = {
  id: string;
  object: "model";
  created: number;
  owned_by: string;
  /** What Anthropic's clients read. */
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

/** What a request can name, in the shape of OpenAI's list with the fields of Anthropic's beside. */
export function createModelLists({ connections, endpoints, models, registered, resolver }: Deps) {
  async function cards(projectId: string): Promise<Card[]> {
    const named = await endpoints.resolve(projectId);
    const enabled = (await connections.resolve(projectId)).filter(({ isEnabled }) => isEnabled);
    const all = [
      ...[...named.keys()].map((name) => card(name, "endpoint")),
      ...models.listReady().map(({ id }) => card(id, "local")),
      ...(await registered.names(projectId)).map((name) => card(name, "registry")),
      ...enabled.flatMap((connection) => connection.models.map((model) => card(model, connection.slug))),
      ...enabled.flatMap((connection) =>
        connection.models.map((model) => card(`${connection.slug}/${model}`, connection.slug)),
      ),
    ];
    const byId = new Map<string, Card>();
    for (const entry of all) if (!byId.has(entry.id)) byId.set(entry.id, entry);
    return [...byId.values()];
  }

  return {
    async listModels(scope: Scope) {
      const data = await cards(scope.projectId);
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
      const listed = (await cards(scope.projectId)).find(({ id }) => id === name);
      if (listed) return listed;
      const { candidates } = await resolver.plan(scope.projectId, name, []);
      const [first] = candidates;
      if (!first) throw new AppError("not_found");
      return card(name, first.kind === "http" ? first.connection.slug : "local");
    },
  };
}

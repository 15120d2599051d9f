import { type KnowledgeSource, KnowledgeSourceInput } from "@treadle/contract";
import { expect } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Knowledge } from "../service.ts";

type World = { readonly scope: Scope; readonly server: { readonly knowledge: Knowledge } };

/** The short forms of tests about sources. */
export function createSourceActions(world: World, baseIdOf: () => string) {
  const place = (sourceId: string) => ({ knowledgeBaseId: baseIdOf(), sourceId });
  const get = (sourceId: string) => world.server.knowledge.getSource(world.scope, place(sourceId));

  /** The source when no sync runs any more. */
  async function settled(sourceId: string): Promise<KnowledgeSource> {
    await expect.poll(async () => (await get(sourceId)).state, { timeout: 20_000, interval: 10 }).not.toBe("running");
    return get(sourceId);
  }

  return {
    place,
    get,
    settled,
    async add(input: object): Promise<KnowledgeSource> {
      const body = KnowledgeSourceInput.parse({ name: "Source", ...input });
      const { sourceId } = await world.server.knowledge.createSource(world.scope, baseIdOf(), body);
      return settled(sourceId);
    },
    async sync(sourceId: string): Promise<KnowledgeSource> {
      await world.server.knowledge.syncSource(world.scope, place(sourceId));
      return settled(sourceId);
    },
    async documents(sourceId?: string) {
      const query = { limit: 200, cursor: undefined, sourceId };
      const { items } = await world.server.knowledge.listDocuments(world.scope, baseIdOf(), query);
      return items.sort((one, other) => (one.uri < other.uri ? -1 : 1));
    },
  };
}

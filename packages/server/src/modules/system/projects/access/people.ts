import type { Audit } from "../../audit/index.ts";

/** A key that creates keys cannot hide its creator behind more of them than this. */
const MOST_STEPS = 20;

/**
 * Finds the person behind each actor: a user is that person, and an API key belongs to the person who created it, also after it
 * was revoked. An actor without a known person, such as the server's first key, is its own id.
 */
export function createPeople(audit: Pick<Audit, "actorsOf">) {
  return async function peopleOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
    let people = new Map(actors.map((actor) => [actor, actor]));
    for (let step = 0; step < MOST_STEPS; step++) {
      const keys = [...new Set(people.values())].filter((id) => id.startsWith("key_"));
      if (keys.length === 0) break;
      const creators = await audit.actorsOf(projectId, "api-key.create", keys);
      if (creators.size === 0) break;
      people = new Map([...people].map(([actor, id]) => [actor, creators.get(id) ?? id]));
    }
    return people;
  };
}

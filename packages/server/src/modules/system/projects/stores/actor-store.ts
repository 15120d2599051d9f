import { and, eq, inArray } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { apiKeys, users } from "./schema.ts";

/** The author of an action: a current or former member of the project, or a key. */
export const createActorStore = (db: Postgres) => ({
  async listNames(projectId: string, actors: readonly string[]): Promise<{ id: string; name: string }[]> {
    const isKey = and(eq(apiKeys.projectId, projectId), inArray(apiKeys.id, [...actors]));
    const people = await db
      .select({ id: users.id, name: users.name })
      .from(users)
      .where(inArray(users.id, [...actors]));
    const keys = await db.select({ id: apiKeys.id, name: apiKeys.name }).from(apiKeys).where(isKey);
    return [...people, ...keys];
  },
});

import { and, asc, desc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { registryAliases, registryAliasMoves, registryModels } from "./schema.ts";

export type AliasRow = typeof registryAliases.$inferSelect;
export type MoveRow = typeof registryAliasMoves.$inferSelect;

/** Aliases and where they pointed before. */
export const createAliasStore = (db: Postgres) => ({
  list(modelIds: readonly string[]): Promise<AliasRow[]> {
    if (modelIds.length === 0) return Promise.resolve([]);
    return db
      .select()
      .from(registryAliases)
      .where(inArray(registryAliases.modelId, [...modelIds]))
      .orderBy(asc(registryAliases.alias));
  },

  listNamed(projectId: string): Promise<{ name: string; alias: string; versionId: string }[]> {
    return db
      .select({ name: registryModels.name, alias: registryAliases.alias, versionId: registryAliases.versionId })
      .from(registryAliases)
      .innerJoin(registryModels, eq(registryModels.id, registryAliases.modelId))
      .where(eq(registryModels.projectId, projectId));
  },

  /** Held until the transaction ends, so that two moves come one after the other. */
  async findHeld(modelId: string, alias: string): Promise<AliasRow | undefined> {
    const [row] = await db
      .select()
      .from(registryAliases)
      .where(and(eq(registryAliases.modelId, modelId), eq(registryAliases.alias, alias)))
      .for("update");
    return row;
  },

  async save(row: AliasRow): Promise<void> {
    const { modelId, alias, ...set } = row;
    await db
      .insert(registryAliases)
      .values(row)
      .onConflictDoUpdate({ target: [registryAliases.modelId, registryAliases.alias], set });
  },

  async delete(modelId: string, alias: string): Promise<void> {
    await db.delete(registryAliases).where(and(eq(registryAliases.modelId, modelId), eq(registryAliases.alias, alias)));
  },
});

/** Where aliases pointed before. */
export const createMoveStore = (db: Postgres) => ({
  async note(move: MoveRow): Promise<void> {
    await db.insert(registryAliasMoves).values(move);
  },

  listMoves(
    modelId: string,
    { alias, after, limit }: { alias?: string | undefined; after: readonly [string, string] | null; limit: number },
  ): Promise<MoveRow[]> {
    return db
      .select()
      .from(registryAliasMoves)
      .where(
        and(
          eq(registryAliasMoves.modelId, modelId),
          alias === undefined ? undefined : eq(registryAliasMoves.alias, alias),
          after === null
            ? undefined
            : sql`(${registryAliasMoves.movedAt}, ${registryAliasMoves.id}) < (${after[0]}::timestamptz, ${after[1]})`,
        ),
      )
      .orderBy(desc(registryAliasMoves.movedAt), desc(registryAliasMoves.id))
      .limit(limit);
  },

  /** Where the alias came from to where it points now; undefined when nothing is known. */
  async findLastMove(modelId: string, alias: string): Promise<MoveRow | undefined> {
    const [row] = await db
      .select()
      .from(registryAliasMoves)
      .where(
        and(
          eq(registryAliasMoves.modelId, modelId),
          eq(registryAliasMoves.alias, alias),
          isNotNull(registryAliasMoves.toNumber),
        ),
      )
      .orderBy(desc(registryAliasMoves.movedAt), desc(registryAliasMoves.id))
      .limit(1);
    return row;
  },
});

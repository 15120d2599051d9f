import { and, asc, desc, eq, inArray, isNotNull, lt, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { promptLabelChanges, promptLabels } from "./schema.ts";

export type LabelRow = typeof promptLabels.$inferSelect;
export type LabelChangeRow = typeof promptLabelChanges.$inferSelect;

export const createLabelStore = (db: Postgres) => {
  const of = (projectId: string, promptIds: readonly string[]) =>
    and(eq(promptLabels.projectId, projectId), inArray(promptLabels.promptId, [...promptIds]));

  return {
    list: (projectId: string, promptIds: readonly string[]): Promise<LabelRow[]> =>
      db.select().from(promptLabels).where(of(projectId, promptIds)).orderBy(asc(promptLabels.label)),

    async find(projectId: string, promptId: string, label: string): Promise<LabelRow | undefined> {
      const [row] = await db
        .select()
        .from(promptLabels)
        .where(and(of(projectId, [promptId]), eq(promptLabels.label, label)));
      return row;
    },

    async save(row: LabelRow): Promise<void> {
      const { version, movedBy, movedAt } = row;
      await db
        .insert(promptLabels)
        .values(row)
        .onConflictDoUpdate({
          target: [promptLabels.promptId, promptLabels.label],
          set: { version, movedBy, movedAt },
        });
    },

    async delete(projectId: string, promptId: string, label: string): Promise<void> {
      await db.delete(promptLabels).where(and(of(projectId, [promptId]), eq(promptLabels.label, label)));
    },

    /** For a locked prompt, so that no other change interferes. */
    async saveChange(row: Omit<LabelChangeRow, "place">): Promise<void> {
      const place = sql<number>`(SELECT coalesce(max(${promptLabelChanges.place}), 0) + 1 FROM ${promptLabelChanges} WHERE ${promptLabelChanges.promptId} = ${row.promptId})`;
      await db.insert(promptLabelChanges).values({ ...row, place });
    },

    /** Newest first, those before a place. */
    listChanges: (
      projectId: string,
      { promptId, label }: { promptId: string; label: string | undefined },
      { limit, before }: { limit: number; before: number | null },
    ): Promise<LabelChangeRow[]> =>
      db
        .select()
        .from(promptLabelChanges)
        .where(
          and(
            eq(promptLabelChanges.projectId, projectId),
            eq(promptLabelChanges.promptId, promptId),
            label === undefined ? undefined : eq(promptLabelChanges.label, label),
            before === null ? undefined : lt(promptLabelChanges.place, before),
          ),
        )
        .orderBy(desc(promptLabelChanges.place))
        .limit(limit),

    /** The newest moves of a label to somewhere, its own rollbacks with them. */
    listMoves: (projectId: string, promptId: string, label: string): Promise<LabelChangeRow[]> =>
      db
        .select()
        .from(promptLabelChanges)
        .where(
          and(
            eq(promptLabelChanges.projectId, projectId),
            eq(promptLabelChanges.promptId, promptId),
            eq(promptLabelChanges.label, label),
            isNotNull(promptLabelChanges.toVersion),
          ),
        )
        .orderBy(desc(promptLabelChanges.place))
        .limit(500),
  };
};

import { and, asc, eq, inArray } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { evalQuarantine } from "../stores/schema.ts";

type Row = typeof evalQuarantine.$inferSelect;

export const createQuarantineStore = (db: Postgres) => ({
  list: (projectId: string, suite: string): Promise<Row[]> =>
    db
      .select()
      .from(evalQuarantine)
      .where(and(eq(evalQuarantine.projectId, projectId), eq(evalQuarantine.suite, suite)))
      .orderBy(asc(evalQuarantine.itemId)),

  /** An existing entry gets the new reason. */
  async save(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      const { reason, createdBy, createdAt } = row;
      await db
        .insert(evalQuarantine)
        .values(row)
        .onConflictDoUpdate({
          target: [evalQuarantine.projectId, evalQuarantine.suite, evalQuarantine.itemId],
          set: { reason, createdBy, createdAt },
        });
    }
  },

  async delete(projectId: string, suite: string, itemIds: readonly string[]): Promise<void> {
    await db
      .delete(evalQuarantine)
      .where(
        and(
          eq(evalQuarantine.projectId, projectId),
          eq(evalQuarantine.suite, suite),
          inArray(evalQuarantine.itemId, [...itemIds]),
        ),
      );
  },
});

import { and, asc, count, eq, ne, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { annotationRules } from "./schema.ts";

export type RuleRow = typeof annotationRules.$inferSelect;
export type DriftState = NonNullable<RuleRow["drift"]>;
type Changes = Partial<Omit<RuleRow, "id" | "projectId" | "queueId">>;

const one = (projectId: string, id: string) =>
  and(eq(annotationRules.projectId, projectId), eq(annotationRules.id, id));

export const createRuleStore = (db: Postgres) => ({
  list: (queueId: string): Promise<RuleRow[]> =>
    db
      .select()
      .from(annotationRules)
      .where(eq(annotationRules.queueId, queueId))
      .orderBy(asc(annotationRules.createdAt), asc(annotationRules.id)),

  listEnabled: (projectId: string): Promise<RuleRow[]> =>
    db
      .select()
      .from(annotationRules)
      .where(and(eq(annotationRules.projectId, projectId), eq(annotationRules.isEnabled, true)))
      .orderBy(asc(annotationRules.createdAt), asc(annotationRules.id)),

  async count(projectId: string): Promise<number> {
    const [row] = await db
      .select({ rules: count() })
      .from(annotationRules)
      .where(eq(annotationRules.projectId, projectId));
    return row?.rules ?? 0;
  },

  async find(projectId: string, id: string): Promise<RuleRow | undefined> {
    const [row] = await db.select().from(annotationRules).where(one(projectId, id));
    return row;
  },

  async isNameTaken(queueId: string, name: string, butOf: string): Promise<boolean> {
    const rows = await db
      .select({ id: annotationRules.id })
      .from(annotationRules)
      .where(and(eq(annotationRules.queueId, queueId), eq(annotationRules.name, name), ne(annotationRules.id, butOf)));
    return rows.length > 0;
  },

  async create(row: RuleRow): Promise<void> {
    await db.insert(annotationRules).values(row);
  },

  async update(projectId: string, id: string, changes: Changes): Promise<RuleRow | undefined> {
    const [row] = await db.update(annotationRules).set(changes).where(one(projectId, id)).returning();
    return row;
  },

  /** Counts what a rule has added; a new day (UTC) begins at nothing. */
  async countAdded(projectId: string, id: string, { added, at }: { added: number; at: Date }): Promise<void> {
    const day = at.toISOString().slice(0, 10);
    await db
      .update(annotationRules)
      .set({
        added: sql`${annotationRules.added} + ${added}`,
        addedToday: sql`CASE WHEN ${annotationRules.addedDay} = ${day} THEN ${annotationRules.addedToday} + ${added}::integer ELSE ${added}::integer END`,
        addedDay: day,
        ...(added > 0 && { lastAddedAt: at }),
      })
      .where(one(projectId, id));
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.delete(annotationRules).where(one(projectId, id));
  },
});

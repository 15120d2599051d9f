import { and, count, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { questionSets, questions } from "./schema.ts";

export type SetRow = typeof questionSets.$inferSelect;
/** The sort key of the last row of the page before. */
export type Before = readonly [createdAt: string, id: string] | null;
export type SetCounts = { readonly questions: number; readonly unanswerable: number };

const isOne = (projectId: string, id: string) => and(eq(questionSets.projectId, projectId), eq(questionSets.id, id));

export const createSetStore = (db: Postgres) => ({
  ...createLists(db),
  ...createFinds(db),
  ...createWrites(db),
});

const createLists = (db: Postgres) => ({
  /** Newest first. */
  list(baseId: string, { limit, before }: { readonly limit: number; readonly before: Before }): Promise<SetRow[]> {
    const { createdAt, id } = questionSets;
    const isBefore = before ? sql`(${createdAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    return db
      .select()
      .from(questionSets)
      .where(and(eq(questionSets.baseId, baseId), isBefore))
      .orderBy(desc(createdAt), desc(id))
      .limit(limit);
  },

  async countSets(baseId: string): Promise<number> {
    const [row] = await db.select({ sets: count() }).from(questionSets).where(eq(questionSets.baseId, baseId));
    return row?.sets ?? 0;
  },

  async countsOf(setIds: readonly string[]): Promise<ReadonlyMap<string, SetCounts>> {
    if (setIds.length === 0) return new Map();
    const unanswerable = sql<number>`count(*) FILTER (WHERE ${questions.relevant} = '[]'::jsonb)::int`;
    const rows = await db
      .select({ setId: questions.setId, questions: count(), unanswerable })
      .from(questions)
      .where(inArray(questions.setId, [...setIds]))
      .groupBy(questions.setId);
    return new Map(rows.map(({ setId, ...counts }) => [setId, counts]));
  },
});

const createFinds = (db: Postgres) => ({
  async find(projectId: string, id: string): Promise<SetRow | undefined> {
    const [row] = await db.select().from(questionSets).where(isOne(projectId, id));
    return row;
  },

  /** The same, and locks it until the transaction ends. */
  async lock(projectId: string, id: string): Promise<SetRow | undefined> {
    const [row] = await db.select().from(questionSets).where(isOne(projectId, id)).for("update");
    return row;
  },

  async isNameTaken(baseId: string, name: string): Promise<boolean> {
    const isNamed = and(eq(questionSets.baseId, baseId), eq(questionSets.name, name));
    return (await db.select({ id: questionSets.id }).from(questionSets).where(isNamed)).length > 0;
  },
});

const createWrites = (db: Postgres) => ({
  async create(row: SetRow): Promise<void> {
    await db.insert(questionSets).values(row);
  },

  async update(projectId: string, id: string, changes: Partial<SetRow>): Promise<void> {
    await db.update(questionSets).set(changes).where(isOne(projectId, id));
  },

  async delete(projectId: string, id: string): Promise<SetRow | undefined> {
    const [row] = await db.delete(questionSets).where(isOne(projectId, id)).returning();
    return row;
  },
});

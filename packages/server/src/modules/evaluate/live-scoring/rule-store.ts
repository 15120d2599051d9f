import { and, asc, count, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { liveRules } from "./schema.ts";

export type RuleRow = typeof liveRules.$inferSelect;
type Changes = Partial<Omit<RuleRow, "id" | "projectId">>;
/** The result of some scoring, to be added to the rule's totals. */
export type Progress = {
  readonly scored: number;
  readonly undefined: number;
  readonly failed: number;
  readonly skipped: number;
  readonly day: string;
  /** Null when something had no price. */
  readonly usd: number | null;
  readonly tokens: number;
  /** Null when nothing was scored. */
  readonly scoredAt: Date | null;
};

const one = (projectId: string, id: string) => and(eq(liveRules.projectId, projectId), eq(liveRules.id, id));

export const createRuleStore = (db: Postgres) => ({
  list: (projectId: string): Promise<RuleRow[]> =>
    db
      .select()
      .from(liveRules)
      .where(eq(liveRules.projectId, projectId))
      .orderBy(asc(liveRules.createdAt), asc(liveRules.id)),

  listEnabled: (projectId: string): Promise<RuleRow[]> =>
    db
      .select()
      .from(liveRules)
      .where(and(eq(liveRules.projectId, projectId), eq(liveRules.isEnabled, true)))
      .orderBy(asc(liveRules.createdAt), asc(liveRules.id)),

  async count(projectId: string): Promise<number> {
    const [row] = await db.select({ count: count() }).from(liveRules).where(eq(liveRules.projectId, projectId));
    return row?.count ?? 0;
  },

  async find(projectId: string, id: string): Promise<RuleRow | undefined> {
    const [row] = await db.select().from(liveRules).where(one(projectId, id));
    return row;
  },

  async isNameTaken(projectId: string, name: string, butOf: string): Promise<boolean> {
    const [row] = await db
      .select({ id: liveRules.id })
      .from(liveRules)
      .where(and(eq(liveRules.projectId, projectId), eq(liveRules.name, name)));
    return row !== undefined && row.id !== butOf;
  },

  async create(row: RuleRow): Promise<void> {
    await db.insert(liveRules).values(row);
  },

  async update(projectId: string, id: string, changes: Changes): Promise<RuleRow | undefined> {
    const [row] = await db.update(liveRules).set(changes).where(one(projectId, id)).returning();
    return row;
  },

  /** Adds to the counts and to what the day has cost; a new day begins at nothing. */
  async add(projectId: string, id: string, progress: Progress): Promise<RuleRow | undefined> {
    const { day, usd, tokens } = progress;
    const isToday = sql`${liveRules.spentDay} = ${day}`;
    const [row] = await db
      .update(liveRules)
      .set({
        scored: sql`${liveRules.scored} + ${progress.scored}`,
        undefinedScores: sql`${liveRules.undefinedScores} + ${progress.undefined}`,
        failed: sql`${liveRules.failed} + ${progress.failed}`,
        skipped: sql`${liveRules.skipped} + ${progress.skipped}`,
        spentUsd: sql`CASE WHEN ${isToday} THEN ${liveRules.spentUsd} + ${usd}::float8 ELSE ${usd}::float8 END`,
        spentTokens: sql`CASE WHEN ${isToday} THEN ${liveRules.spentTokens} + ${tokens}::bigint ELSE ${tokens}::bigint END`,
        spentDay: day,
        ...(progress.scoredAt && { lastScoredAt: progress.scoredAt }),
      })
      .where(one(projectId, id))
      .returning();
    return row;
  },

  async delete(projectId: string, id: string): Promise<boolean> {
    return (await db.delete(liveRules).where(one(projectId, id)).returning({ id: liveRules.id })).length > 0;
  },
});

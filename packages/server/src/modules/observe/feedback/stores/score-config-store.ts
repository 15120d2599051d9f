import type { FeedbackSettings } from "@treadle/contract";
import { and, asc, count, eq, gt, ilike, or } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { feedbackSettings, scoreConfigs } from "./schema.ts";

export type ScoreConfigRow = typeof scoreConfigs.$inferSelect;
type Changes = Partial<
  Pick<ScoreConfigRow, "description" | "min" | "max" | "categories" | "isHigherBetter" | "isArchived" | "updatedAt">
>;
type Filter = { readonly search?: string | undefined; readonly archived: boolean };

/** Text that LIKE takes as it stands. */
const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");
const one = (projectId: string, id: string) => and(eq(scoreConfigs.projectId, projectId), eq(scoreConfigs.id, id));

export const createScoreConfigStore = (db: Postgres) => ({
  /** By name, those after a name. */
  list(projectId: string, { search, archived }: Filter, { limit, after }: { limit: number; after: string | null }) {
    const pattern = search && `%${literally(search)}%`;
    return db
      .select()
      .from(scoreConfigs)
      .where(
        and(
          eq(scoreConfigs.projectId, projectId),
          archived ? undefined : eq(scoreConfigs.isArchived, false),
          pattern ? or(ilike(scoreConfigs.name, pattern), ilike(scoreConfigs.description, pattern)) : undefined,
          after === null ? undefined : gt(scoreConfigs.name, after),
        ),
      )
      .orderBy(asc(scoreConfigs.name))
      .limit(limit);
  },

  listAll: (projectId: string): Promise<ScoreConfigRow[]> =>
    db.select().from(scoreConfigs).where(eq(scoreConfigs.projectId, projectId)),

  async count(projectId: string): Promise<number> {
    const [row] = await db.select({ count: count() }).from(scoreConfigs).where(eq(scoreConfigs.projectId, projectId));
    return row?.count ?? 0;
  },

  async find(projectId: string, id: string): Promise<ScoreConfigRow | undefined> {
    const [row] = await db.select().from(scoreConfigs).where(one(projectId, id));
    return row;
  },

  /** False when there is one of that name. */
  async create(row: ScoreConfigRow): Promise<boolean> {
    const made = await db.insert(scoreConfigs).values(row).onConflictDoNothing().returning({ id: scoreConfigs.id });
    return made.length > 0;
  },

  async update(projectId: string, id: string, changes: Changes): Promise<ScoreConfigRow | undefined> {
    const [row] = await db.update(scoreConfigs).set(changes).where(one(projectId, id)).returning();
    return row;
  },

  async delete(projectId: string, id: string): Promise<boolean> {
    const deleted = await db.delete(scoreConfigs).where(one(projectId, id)).returning({ id: scoreConfigs.id });
    return deleted.length > 0;
  },

  async findSettings(projectId: string): Promise<FeedbackSettings | undefined> {
    const [row] = await db.select().from(feedbackSettings).where(eq(feedbackSettings.projectId, projectId));
    return row && { isStrict: row.isStrict, defaultConsent: row.defaultConsent };
  },

  async saveSettings(projectId: string, settings: FeedbackSettings): Promise<void> {
    await db
      .insert(feedbackSettings)
      .values({ projectId, ...settings })
      .onConflictDoUpdate({ target: feedbackSettings.projectId, set: settings });
  },
});

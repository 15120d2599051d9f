import { and, desc, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { issueActivities } from "./schema.ts";

export type ActivityRow = typeof issueActivities.$inferSelect;

/** What happened to issues. */
export const createActivityStore = (db: Postgres) => ({
  ...createAddOfActivityStore(db),
  ...createFindOfActivityStore(db),
  ...createMarkUndoneOfActivityStore(db),
});

const createAddOfActivityStore = (db: Postgres) => ({
  async add(rows: readonly ActivityRow[]): Promise<void> {
    if (rows.length > 0) await db.insert(issueActivities).values([...rows]);
  },

  list: (
    projectId: string,
    issueId: string,
    { limit, after }: { limit: number; after: readonly [string, string] | null },
  ): Promise<ActivityRow[]> =>
    db
      .select()
      .from(issueActivities)
      .where(
        and(
          eq(issueActivities.projectId, projectId),
          eq(issueActivities.issueId, issueId),
          after
            ? sql`(${issueActivities.at}, ${issueActivities.id}) < (${after[0]}::timestamptz, ${after[1]})`
            : undefined,
        ),
      )
      .orderBy(desc(issueActivities.at), desc(issueActivities.id))
      .limit(limit),
});

const createFindOfActivityStore = (db: Postgres) => ({
  async find(projectId: string, issueId: string, activityId: string): Promise<ActivityRow | undefined> {
    const [row] = await db
      .select()
      .from(issueActivities)
      .where(
        and(
          eq(issueActivities.projectId, projectId),
          eq(issueActivities.issueId, issueId),
          eq(issueActivities.id, activityId),
        ),
      );
    return row;
  },
});

const createMarkUndoneOfActivityStore = (db: Postgres) => ({
  /** False if it was undone before. */
  async markUndone(projectId: string, activityId: string): Promise<boolean> {
    const rows = await db
      .update(issueActivities)
      .set({ isUndone: true })
      .where(
        and(
          eq(issueActivities.projectId, projectId),
          eq(issueActivities.id, activityId),
          eq(issueActivities.isUndone, false),
        ),
      )
      .returning({ id: issueActivities.id });
    return rows.length === 1;
  },
});

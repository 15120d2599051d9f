import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { type RunCounts, topicMembers, topicProjects, topicRuns } from "./schema.ts";

export type RunRow = typeof topicRuns.$inferSelect;
export const NO_COUNTS: RunCounts = {
  traces: 0,
  matching: 0,
  embedded: 0,
  topics: 0,
  newTopics: 0,
  labelCalls: 0,
  labelCostUsd: 0,
  labelNote: "",
};

/** Runs whose traces are stored. */
const MOST_WITH_MEMBERS = 2;
const MOST_RUNS = 60;

export const createRunStore = (db: Postgres) => ({
  ...createFindOfRunStore(db),
  ...createListOfRunStore(db),
  ...createUpdateOfRunStore(db),
});

const createFindOfRunStore = (db: Postgres) => ({
  async find(projectId: string, runId: string): Promise<RunRow | undefined> {
    const [row] = await db
      .select()
      .from(topicRuns)
      .where(and(eq(topicRuns.projectId, projectId), eq(topicRuns.id, runId)));
    return row;
  },

  /** The newest complete run, before another one if it is named. */
  async findNewest(projectId: string): Promise<RunRow | undefined> {
    const [row] = await db
      .select()
      .from(topicRuns)
      .where(and(eq(topicRuns.projectId, projectId), eq(topicRuns.status, "done")))
      .orderBy(desc(topicRuns.createdAt), desc(topicRuns.id))
      .limit(1);
    return row;
  },
});

const createListOfRunStore = (db: Postgres) => ({
  list: (
    projectId: string,
    { limit, after }: { limit: number; after: readonly [string, string] | null },
  ): Promise<RunRow[]> =>
    db
      .select()
      .from(topicRuns)
      .where(
        and(
          eq(topicRuns.projectId, projectId),
          after ? sql`(${topicRuns.createdAt}, ${topicRuns.id}) < (${after[0]}::timestamptz, ${after[1]})` : undefined,
        ),
      )
      .orderBy(desc(topicRuns.createdAt), desc(topicRuns.id))
      .limit(limit),

  async create(row: RunRow): Promise<void> {
    await db.insert(topicRuns).values(row);
  },
});

const createUpdateOfRunStore = (db: Postgres) => ({
  async update(projectId: string, runId: string, changes: Partial<RunRow>): Promise<void> {
    await db
      .update(topicRuns)
      .set(changes)
      .where(and(eq(topicRuns.projectId, projectId), eq(topicRuns.id, runId)));
  },

  /** Deletes the oldest runs, and the traces of all but the newest two. */
  async prune(projectId: string): Promise<void> {
    const rows = await db
      .select({ id: topicRuns.id })
      .from(topicRuns)
      .where(and(eq(topicRuns.projectId, projectId), eq(topicRuns.status, "done")))
      .orderBy(desc(topicRuns.createdAt), desc(topicRuns.id));
    const ids = rows.map(({ id }) => id);
    const [unused, old] = [ids.slice(MOST_WITH_MEMBERS, MOST_RUNS), ids.slice(MOST_RUNS)];
    if (unused.length > 0) await db.delete(topicMembers).where(inArray(topicMembers.runId, unused));
    if (old.length > 0) await db.delete(topicRuns).where(inArray(topicRuns.id, old));
  },
});

export type ProjectRow = typeof topicProjects.$inferSelect;
export const createTopicProjectStore = (db: Postgres) => ({
  async find(projectId: string): Promise<ProjectRow | undefined> {
    const [row] = await db.select().from(topicProjects).where(eq(topicProjects.projectId, projectId));
    return row;
  },

  async save(projectId: string, settings: ProjectRow["settings"]): Promise<void> {
    await db
      .insert(topicProjects)
      .values({ projectId, settings, scheduledOn: "" })
      .onConflictDoUpdate({ target: topicProjects.projectId, set: { settings } });
  },

  /** Notes the daily run of a day. False if it was noted before. */
  async noteDay(projectId: string, day: string): Promise<boolean> {
    const rows = await db
      .update(topicProjects)
      .set({ scheduledOn: day })
      .where(and(eq(topicProjects.projectId, projectId), sql`${topicProjects.scheduledOn} < ${day}`))
      .returning({ projectId: topicProjects.projectId });
    return rows.length === 1;
  },

  async listProjects(): Promise<string[]> {
    const rows = await db.select({ projectId: topicProjects.projectId }).from(topicProjects);
    return rows.map(({ projectId }) => projectId);
  },
});

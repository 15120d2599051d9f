import { ISSUE_KINDS, type IssueSettings } from "@treadle/contract";
import { and, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { issueProjects } from "./schema.ts";

export type FollowRow = typeof issueProjects.$inferSelect;
type Places = Partial<Omit<FollowRow, "projectId" | "revision">>;

export const DEFAULT_SETTINGS: IssueSettings = {
  isEnabled: true,
  kinds: [...ISSUE_KINDS],
  scores: [],
  joinsByMeaning: true,
  announceAtPerHour: 10,
  announcesRegressions: true,
  severity: "warning",
};

/** How far each project's failures are grouped, and its settings. */
export const createFollowStore = (db: Postgres) => ({
  ...createFindOfFollowStore(db),
  ...createAdvanceOfFollowStore(db),
  ...createListFollowedOfFollowStore(db),
});

const createFindOfFollowStore = (db: Postgres) => ({
  async find(projectId: string): Promise<FollowRow | undefined> {
    const [row] = await db.select().from(issueProjects).where(eq(issueProjects.projectId, projectId));
    return row;
  },

  /** Creates the row unless it exists. Gives whether it was created. */
  async create(projectId: string, { fromMs, settings }: { fromMs: number; settings: IssueSettings }): Promise<boolean> {
    const place = { at: fromMs * 1_000, key: "" };
    const created = await db
      .insert(issueProjects)
      .values({
        projectId,
        settings,
        revision: 0,
        placeMs: fromMs,
        placeTraceId: "",
        placeSpanId: "",
        scorePlace: place,
        feedbackPlace: place,
      })
      .onConflictDoNothing()
      .returning({ projectId: issueProjects.projectId });
    return created.length > 0;
  },
});

const createAdvanceOfFollowStore = (db: Postgres) => ({
  /**
   * Moves on from the revision that was read. False if another process or a person moved on before: nothing of the batch may then
   * be stored, so that each failure counts once.
   */
  async advance({ projectId, revision }: Pick<FollowRow, "projectId" | "revision">, changes: Places): Promise<boolean> {
    const rows = await db
      .update(issueProjects)
      .set({ ...changes, revision: revision + 1 })
      .where(and(eq(issueProjects.projectId, projectId), eq(issueProjects.revision, revision)))
      .returning({ projectId: issueProjects.projectId });
    return rows.length === 1;
  },

  /** Changes by a person. A batch that is being read is read again. */
  async change(projectId: string, changes: Places): Promise<void> {
    await db
      .update(issueProjects)
      .set({ ...changes, revision: sql`${issueProjects.revision} + 1` })
      .where(eq(issueProjects.projectId, projectId));
  },
});

const createListFollowedOfFollowStore = (db: Postgres) => ({
  async listFollowed(): Promise<string[]> {
    const rows = await db.select({ projectId: issueProjects.projectId }).from(issueProjects);
    return rows.map(({ projectId }) => projectId);
  },

  /** Active projects that are not followed yet. */
  async listOthers(): Promise<string[]> {
    const { rows } = await db.execute<{ id: string }>(
      sql`SELECT id FROM projects WHERE archived_at IS NULL AND deleted_at IS NULL AND id NOT IN (SELECT project_id FROM issue_projects) LIMIT 1000`,
    );
    return rows.map(({ id }) => id);
  },
});

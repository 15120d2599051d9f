import type { Project } from "@treadle/contract";
import { and, asc, eq, isNotNull, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { stateOf } from "./project-access.ts";
import { members, projects } from "./schema.ts";

type Row = typeof projects.$inferSelect;
type NewRow = typeof projects.$inferInsert;

const toProject = (row: Row): Project => ({
  projectId: row.id,
  name: row.name,
  isSample: row.isSample,
  isFirst: row.isFirst,
  state: stateOf(row),
  createdAt: row.createdAt.toISOString(),
  archivedAt: row.archivedAt?.toISOString() ?? null,
  deletedAt: row.deletedAt?.toISOString() ?? null,
  purgeAt: row.purgeAt?.toISOString() ?? null,
});

/** An advisory lock number that nothing else uses. Servers that start together on one database use it in turn. */
const SEED_LOCK = 7_473_325;

/** A condition on a row of `jobs`: its project is archived or deleted, so the job waits until the project is restored. */
export const isProjectPaused = sql`EXISTS (SELECT FROM projects
  WHERE projects.id = project_id AND (projects.archived_at IS NOT NULL OR projects.deleted_at IS NOT NULL))`;

export const createProjectStore = (db: Postgres) => ({
  async find(projectId: string): Promise<Project | undefined> {
    const [row] = await db.select().from(projects).where(eq(projects.id, projectId));
    return row && toProject(row);
  },

  /** The project that administers the server. */
  async findFirst(): Promise<Project | undefined> {
    const [row] = await db.select().from(projects).where(eq(projects.isFirst, true));
    return row && toProject(row);
  },

  /** Whether there is a demo project, or was one that a person removed. */
  async hadSample(): Promise<boolean> {
    const isOne = or(eq(projects.isSample, true), isNotNull(projects.sampleRemovedAt));
    return (await db.select({ id: projects.id }).from(projects).where(isOne).limit(1)).length > 0;
  },

  async noteSampleRemoved(now: Date): Promise<void> {
    await db.update(projects).set({ sampleRemovedAt: now }).where(eq(projects.isFirst, true));
  },

  /** All projects of the server, the oldest first. */
  async listAll(): Promise<Project[]> {
    const rows = await db.select().from(projects).orderBy(asc(projects.createdAt), asc(projects.id));
    return rows.map(toProject);
  },

  /** Locked until the transaction ends, so that two changes of its state do not cross. */
  async lock(projectId: string): Promise<Project | undefined> {
    const [row] = await db.select().from(projects).where(eq(projects.id, projectId)).for("update");
    return row && toProject(row);
  },

  async update(
    projectId: string,
    changes: Partial<Pick<Row, "name" | "archivedAt" | "deletedAt" | "purgeAt">>,
  ): Promise<Project | undefined> {
    const [row] = await db.update(projects).set(changes).where(eq(projects.id, projectId)).returning();
    return row && toProject(row);
  },

  /** A person's projects: real ones first, the oldest first. */
  async listOf(userId: string): Promise<Project[]> {
    const rows = await db
      .select({ project: projects })
      .from(members)
      .innerJoin(projects, eq(projects.id, members.projectId))
      .where(eq(members.userId, userId))
      .orderBy(asc(projects.isSample), asc(projects.createdAt), asc(projects.id));
    return rows.map(({ project }) => toProject(project));
  },

  async create(row: NewRow): Promise<void> {
    await db.insert(projects).values(row);
  },

  /** The first owner of a project: the member who has been one the longest. */
  async findOwner(projectId: string): Promise<string | undefined> {
    const [row] = await db
      .select({ userId: members.userId })
      .from(members)
      .where(and(eq(members.projectId, projectId), eq(members.role, "owner")))
      .orderBy(asc(members.createdAt), asc(members.userId))
      .limit(1);
    return row?.userId;
  },

  /** Gives every owner of one project the same role in another. */
  async copyOwners(from: string, to: string, now: Date): Promise<void> {
    const owners = db
      .select({
        projectId: sql<string>`${to}::text`.as("project_id"),
        userId: members.userId,
        role: members.role,
        createdAt: sql<Date>`${now.toISOString()}::timestamptz`.as("created_at"),
      })
      .from(members)
      .where(and(eq(members.projectId, from), eq(members.role, "owner")));
    await db.insert(members).select(owners);
  },

  /** Until the transaction ends, no other server seeds. */
  async lockSeeding(): Promise<void> {
    await db.execute(sql`SELECT pg_advisory_xact_lock(${SEED_LOCK})`);
  },
});

import type { Project } from "@treadle/contract";
import { and, asc, eq, sql } from "drizzle-orm";
import type { Postgres } from "../../platform/postgres/port.ts";
import { members, projects } from "./schema.ts";

type Row = typeof projects.$inferSelect;

const toProject = ({ createdAt, ...row }: Row): Project => ({ ...row, createdAt: createdAt.toISOString() });

/** Any number that nothing else locks; servers that start together on one database take turns by it. */
const SEED_LOCK = 7_473_325;

export const createProjectStore = (db: Postgres) => ({
  async find(projectId: string): Promise<Project | undefined> {
    const [row] = await db.select().from(projects).where(eq(projects.id, projectId));
    return row && toProject(row);
  },

  /** The oldest project that is real, or the one that holds samples. */
  async findFirst(isSample: boolean): Promise<Project | undefined> {
    const [row] = await db
      .select()
      .from(projects)
      .where(eq(projects.isSample, isSample))
      .orderBy(asc(projects.createdAt), asc(projects.id))
      .limit(1);
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

  async create(row: Row): Promise<void> {
    await db.insert(projects).values(row);
  },

  async rename(projectId: string, name: string): Promise<Project | undefined> {
    const [row] = await db.update(projects).set({ name }).where(eq(projects.id, projectId)).returning();
    return row && toProject(row);
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

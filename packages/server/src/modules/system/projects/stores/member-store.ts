import type { Member, Role } from "@treadle/contract";
import { and, desc, eq, ne, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { members, projects, users } from "./schema.ts";

type Row = typeof members.$inferSelect;
type After = readonly [createdAt: string, userId: string];

const columns = {
  userId: members.userId,
  email: users.email,
  name: users.name,
  role: members.role,
  createdAt: members.createdAt,
  lastSeenAt: users.lastSeenAt,
};
const toMember = (row: Omit<Row, "projectId"> & { email: string; name: string; lastSeenAt: Date | null }): Member => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
});

export const createMemberStore = (db: Postgres) => ({
  async list(projectId: string, { limit, after }: { limit: number; after: After | null }): Promise<Member[]> {
    const { createdAt, userId } = members;
    const isAfter = after ? sql`(${createdAt}, ${userId}) < (${after[0]}::timestamptz, ${after[1]})` : undefined;
    const rows = await db
      .select(columns)
      .from(members)
      .innerJoin(users, eq(users.id, userId))
      .where(and(eq(members.projectId, projectId), isAfter))
      .orderBy(desc(createdAt), desc(userId))
      .limit(limit);
    return rows.map(toMember);
  },

  async find(projectId: string, userId: string): Promise<Member | undefined> {
    const [row] = await db
      .select(columns)
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.projectId, projectId), eq(members.userId, userId)));
    return row && toMember(row);
  },

  /** False when the person is a member already. */
  async create(row: Row): Promise<boolean> {
    const created = await db.insert(members).values(row).onConflictDoNothing().returning({ userId: members.userId });
    return created.length > 0;
  },

  async updateRole(projectId: string, userId: string, role: Role): Promise<void> {
    await db
      .update(members)
      .set({ role })
      .where(and(eq(members.projectId, projectId), eq(members.userId, userId)));
  },

  async delete(projectId: string, userId: string): Promise<void> {
    await db.delete(members).where(and(eq(members.projectId, projectId), eq(members.userId, userId)));
  },

  /** The owners, locked until the transaction ends, so that two of them cannot leave each other as the last. */
  async lockOwners(projectId: string): Promise<string[]> {
    const rows = await db
      .select({ userId: members.userId })
      .from(members)
      .where(and(eq(members.projectId, projectId), eq(members.role, "owner")))
      .for("update");
    return rows.map(({ userId }) => userId);
  },

  async isElsewhere(projectId: string, userId: string): Promise<boolean> {
    const rows = await db
      .select({ projectId: members.projectId })
      .from(members)
      .where(and(eq(members.userId, userId), ne(members.projectId, projectId)))
      .limit(1);
    return rows.length > 0;
  },

  /** A person's role in each project: active projects first, then real ones, then the oldest. */
  async listRoles(userId: string) {
    const isClosed = sql`${projects.deletedAt} IS NOT NULL, ${projects.archivedAt} IS NOT NULL`;
    return db
      .select({ projectId: members.projectId, role: members.role, project: projects })
      .from(members)
      .innerJoin(projects, eq(projects.id, members.projectId))
      .where(eq(members.userId, userId))
      .orderBy(isClosed, projects.isSample, projects.createdAt, projects.id);
  },
});

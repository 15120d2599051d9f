import type { User } from "@treadle/contract";
import { eq, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { users } from "./schema.ts";

type Row = typeof users.$inferSelect;

const toUser = ({ id, email, name, passwordHash }: Row): User => ({
  userId: id,
  email,
  name,
  hasPassword: passwordHash !== null,
});
const isOf = (email: string) => eq(sql`lower(${users.email})`, email.toLowerCase());

export const createUserStore = (db: Postgres) => ({
  async find(userId: string): Promise<User | undefined> {
    const [row] = await db.select().from(users).where(eq(users.id, userId));
    return row && toUser(row);
  },

  async findByEmail(email: string): Promise<(User & { hasBeenSeen: boolean }) | undefined> {
    const [row] = await db.select().from(users).where(isOf(email));
    return row && { ...toUser(row), hasBeenSeen: row.lastSeenAt !== null };
  },

  /** The only way to a password's hash; it is never part of a `User`. */
  async findPasswordHash(email: string): Promise<{ userId: string; passwordHash: string | null } | undefined> {
    const [row] = await db
      .select({ userId: users.id, passwordHash: users.passwordHash })
      .from(users)
      .where(isOf(email));
    return row;
  },

  async create(row: Row): Promise<User> {
    await db.insert(users).values(row);
    return toUser(row);
  },

  async update(
    userId: string,
    changes: Partial<Pick<Row, "name" | "email" | "passwordHash">>,
  ): Promise<User | undefined> {
    const [row] = await db.update(users).set(changes).where(eq(users.id, userId)).returning();
    return row && toUser(row);
  },

  async saveSeen(userId: string, at: Date): Promise<void> {
    await db.update(users).set({ lastSeenAt: at }).where(eq(users.id, userId));
  },
});

import { and, eq, gt, inArray, lte, ne } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { sessions, signInTokens } from "./schema.ts";

type Row = typeof sessions.$inferSelect;

export const createSessionStore = (db: Postgres) => ({
  async create(row: Row): Promise<void> {
    await db.insert(sessions).values(row);
  },

  /** Tokens that are sessions and have not expired. */
  findMany: (tokenHashes: readonly string[], now: Date): Promise<Row[]> =>
    db
      .select()
      .from(sessions)
      .where(and(inArray(sessions.tokenHash, [...tokenHashes]), gt(sessions.expiresAt, now))),

  async renew(tokenHash: string, expiresAt: Date): Promise<void> {
    await db.update(sessions).set({ expiresAt }).where(eq(sessions.tokenHash, tokenHash));
  },

  async delete(tokenHash: string): Promise<void> {
    await db.delete(sessions).where(eq(sessions.tokenHash, tokenHash));
  },

  async deleteOthers(userId: string, tokenHash: string): Promise<void> {
    await db.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.tokenHash, tokenHash)));
  },

  async deleteExpired(now: Date): Promise<void> {
    await db.delete(sessions).where(lte(sessions.expiresAt, now));
    await db.delete(signInTokens).where(lte(signInTokens.expiresAt, now));
  },

  /** Only the newest token of a person works. */
  async replaceToken(row: Row): Promise<void> {
    await db.delete(signInTokens).where(eq(signInTokens.userId, row.userId));
    await db.insert(signInTokens).values(row);
  },

  async deleteTokens(userId: string): Promise<void> {
    await db.delete(signInTokens).where(eq(signInTokens.userId, userId));
  },

  /** Consumes a token in one statement, so that of two concurrent uses only one succeeds. */
  async takeToken(tokenHash: string, now: Date): Promise<string | undefined> {
    const [row] = await db
      .delete(signInTokens)
      .where(and(eq(signInTokens.tokenHash, tokenHash), gt(signInTokens.expiresAt, now)))
      .returning({ userId: signInTokens.userId });
    return row?.userId;
  },
});

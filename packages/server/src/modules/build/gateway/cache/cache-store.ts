import { and, eq, gt, lte } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { cachedAnswers } from "./schema.ts";

export const createCacheStore = (db: Postgres) => ({
  /** The answer as JSON of unknown shape, with its expiry. Undefined if there is none or it has expired. */
  async find(projectId: string, keyHash: string, now: Date): Promise<{ answer: unknown; expiresAt: Date } | undefined> {
    const [row] = await db
      .select({ answer: cachedAnswers.answer, expiresAt: cachedAnswers.expiresAt })
      .from(cachedAnswers)
      .where(
        and(
          eq(cachedAnswers.keyHash, keyHash),
          eq(cachedAnswers.projectId, projectId),
          gt(cachedAnswers.expiresAt, now),
        ),
      );
    return row;
  },

  async save(row: typeof cachedAnswers.$inferInsert): Promise<void> {
    const { answer, createdAt, expiresAt } = row;
    await db
      .insert(cachedAnswers)
      .values(row)
      .onConflictDoUpdate({ target: cachedAnswers.keyHash, set: { answer, createdAt, expiresAt } });
  },

  async deleteExpired(now: Date): Promise<void> {
    await db.delete(cachedAnswers).where(lte(cachedAnswers.expiresAt, now));
  },
});

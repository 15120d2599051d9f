import { and, eq, lte } from "drizzle-orm";
import type { Postgres } from "../postgres/port.ts";
import { idempotencyKeys as keys } from "./schema.ts";

export type KeyRow = typeof keys.$inferSelect;

export const createIdempotencyStore = (db: Postgres) => ({
  /** Adds the row, or replaces an expired one. False when there is a current row: of two requests, one gets true. */
  async claim(row: Omit<KeyRow, "status" | "response">, now: Date): Promise<boolean> {
    const rows = await db
      .insert(keys)
      .values(row)
      .onConflictDoUpdate({
        target: keys.id,
        set: { ...row, status: null, response: null },
        setWhere: lte(keys.expiresAt, now),
      })
      .returning({ id: keys.id });
    return rows.length > 0;
  },

  async find(id: string): Promise<KeyRow | undefined> {
    const [row] = await db.select().from(keys).where(eq(keys.id, id));
    return row;
  },

  async saveResponse({
    id,
    owner,
    status,
    response,
  }: Pick<KeyRow, "id" | "owner" | "status" | "response">): Promise<void> {
    await db
      .update(keys)
      .set({ status, response })
      .where(and(eq(keys.id, id), eq(keys.owner, owner)));
  },

  async delete({ id, owner }: Pick<KeyRow, "id" | "owner">): Promise<void> {
    await db.delete(keys).where(and(eq(keys.id, id), eq(keys.owner, owner)));
  },

  async deleteExpired(now: Date): Promise<void> {
    await db.delete(keys).where(lte(keys.expiresAt, now));
  },
});
export type IdempotencyStore = ReturnType<typeof createIdempotencyStore>;

import { eq } from "drizzle-orm";
import type { Postgres } from "../postgres/port.ts";
import { secretKeyChecks } from "./schema.ts";

const ID = "current";

/** The one value that shows which key this database belongs to. */
export const createKeyCheckStore = (db: Postgres) => ({
  async find(): Promise<string | undefined> {
    const [row] = await db.select().from(secretKeyChecks).where(eq(secretKeyChecks.id, ID));
    return row?.sealedValue;
  },

  async save(sealedValue: string, createdAt: Date): Promise<void> {
    await db
      .insert(secretKeyChecks)
      .values({ id: ID, sealedValue, createdAt })
      .onConflictDoUpdate({ target: secretKeyChecks.id, set: { sealedValue, createdAt } });
  },
});

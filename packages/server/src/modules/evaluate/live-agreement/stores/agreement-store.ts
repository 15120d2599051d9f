import { and, asc, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { liveAgreements } from "./schema.ts";

export type AgreementRow = typeof liveAgreements.$inferSelect;
type Changes = Partial<Omit<AgreementRow, "id" | "projectId" | "ruleId">>;

const one = (projectId: string, id: string) => and(eq(liveAgreements.projectId, projectId), eq(liveAgreements.id, id));

export const createAgreementStore = (db: Postgres) => ({ ...readsOf(db), ...locksOf(db), ...writesOf(db) });

const readsOf = (db: Postgres) => ({
  /** Of a rule, or of all rules of the project. */
  list: (projectId: string, ruleId?: string): Promise<AgreementRow[]> =>
    db
      .select()
      .from(liveAgreements)
      .where(
        and(
          eq(liveAgreements.projectId, projectId),
          ruleId === undefined ? undefined : eq(liveAgreements.ruleId, ruleId),
        ),
      )
      .orderBy(asc(liveAgreements.createdAt), asc(liveAgreements.id)),

  async find(projectId: string, id: string): Promise<AgreementRow | undefined> {
    const [row] = await db.select().from(liveAgreements).where(one(projectId, id));
    return row;
  },
});

/** In a transaction: no other one changes the rows until it ends. */
const locksOf = (db: Postgres) => ({
  async lock(projectId: string, id: string): Promise<AgreementRow | undefined> {
    const [row] = await db.select().from(liveAgreements).where(one(projectId, id)).for("update");
    return row;
  },

  lockRule: (projectId: string, ruleId: string): Promise<AgreementRow[]> =>
    db
      .select()
      .from(liveAgreements)
      .where(and(eq(liveAgreements.projectId, projectId), eq(liveAgreements.ruleId, ruleId)))
      .for("update"),
});

const writesOf = (db: Postgres) => ({
  /** False if the score is already watched. */
  async create(row: AgreementRow): Promise<boolean> {
    const rows = await db.insert(liveAgreements).values(row).onConflictDoNothing().returning({ id: liveAgreements.id });
    return rows.length > 0;
  },

  async update(projectId: string, id: string, changes: Changes): Promise<AgreementRow | undefined> {
    const [row] = await db.update(liveAgreements).set(changes).where(one(projectId, id)).returning();
    return row;
  },

  async delete(projectId: string, id: string): Promise<void> {
    await db.delete(liveAgreements).where(one(projectId, id));
  },
});

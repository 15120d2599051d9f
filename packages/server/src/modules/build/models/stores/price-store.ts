import type { ModelPrice } from "@treadle/contract";
import { and, asc, eq } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { modelPrices } from "./schema.ts";

type Row = typeof modelPrices.$inferSelect;

const toPrice = ({ id, projectId: _, ...row }: Row): ModelPrice => ({ priceId: id, ...row });

export const createPriceStore = (db: Postgres) => ({
  async list(projectId: string): Promise<ModelPrice[]> {
    const rows = await db
      .select()
      .from(modelPrices)
      .where(eq(modelPrices.projectId, projectId))
      .orderBy(asc(modelPrices.provider), asc(modelPrices.model));
    return rows.map(toPrice);
  },

  /** The prices of every project, for the memory that calls are priced from. */
  async listAll(): Promise<Map<string, ModelPrice[]>> {
    const byProject = new Map<string, ModelPrice[]>();
    for (const row of await db.select().from(modelPrices)) {
      const prices = byProject.get(row.projectId);
      if (prices) prices.push(toPrice(row));
      else byProject.set(row.projectId, [toPrice(row)]);
    }
    return byProject;
  },

  /** Replaces the project's price for the same provider and model; its id stays. */
  async save(projectId: string, price: ModelPrice): Promise<ModelPrice> {
    const { priceId, ...changes } = price;
    const [row] = await db
      .insert(modelPrices)
      .values({ id: priceId, projectId, ...changes })
      .onConflictDoUpdate({ target: [modelPrices.projectId, modelPrices.provider, modelPrices.model], set: changes })
      .returning();
    return row ? toPrice(row) : price;
  },

  /** False when the project has no such price. */
  async delete(projectId: string, priceId: string): Promise<boolean> {
    const deleted = await db
      .delete(modelPrices)
      .where(and(eq(modelPrices.projectId, projectId), eq(modelPrices.id, priceId)))
      .returning({ id: modelPrices.id });
    return deleted.length > 0;
  },
});

import { pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const secretKeyChecks = pgTable("secret_key_checks", {
  id: text("id").primaryKey(),
  sealedValue: text("sealed_value").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
});

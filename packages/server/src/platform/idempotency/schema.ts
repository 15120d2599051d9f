import { index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    fingerprint: text("fingerprint").notNull(),
    owner: text("owner").notNull(),
    status: integer("status"),
    response: text("response"),
    expiresAt: timestamp("expires_at", { withTimezone: true, mode: "date" }).notNull(),
  },
  (table) => [index("idempotency_keys_expiry").on(table.expiresAt)],
);

import type { PrivacySettings } from "@treadle/contract";
import { integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

/** What is removed from a project's traces before storage. */
export const privacySettings = pgTable("privacy_settings", {
  projectId: text("project_id").primaryKey(),
  settings: jsonb("settings").$type<PrivacySettings>().notNull(),
  /** The secret of the project's hashes, encrypted. It stays, so that hashes stay comparable. */
  sealedKey: text("sealed_key").notNull(),
  version: integer("version").notNull(),
  updatedAt: timestamp("updated_at", { withTimezone: true, mode: "date" }).notNull(),
});

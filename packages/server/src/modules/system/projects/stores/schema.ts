import type { Permission, Role } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { boolean, index, pgTable, primaryKey, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const users = pgTable(
  "users",
  {
    id: text("id").primaryKey(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    passwordHash: text("password_hash"),
    createdAt: time("created_at").notNull(),
    lastSeenAt: time("last_seen_at"),
  },
  (table) => [uniqueIndex("users_email").on(sql`lower(${table.email})`)],
);

export const projects = pgTable("projects", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  isSample: boolean("is_sample").notNull().default(false),
  createdAt: time("created_at").notNull(),
  /** The project whose owners and admins administer the server. */
  isFirst: boolean("is_first").notNull().default(false),
  archivedAt: time("archived_at"),
  deletedAt: time("deleted_at"),
  /** For a deleted project: when its data is removed. */
  purgeAt: time("purge_at"),
  /** For the first project: when the demo project was removed. It is not created again. */
  sampleRemovedAt: time("sample_removed_at"),
});

export const members = pgTable(
  "members",
  {
    projectId: text("project_id").notNull(),
    userId: text("user_id").notNull(),
    role: text("role").$type<Role>().notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.userId] }), index("members_user").on(table.userId)],
);

const token = {
  tokenHash: text("token_hash").primaryKey(),
  userId: text("user_id").notNull(),
  createdAt: time("created_at").notNull(),
  expiresAt: time("expires_at").notNull(),
};
export const sessions = pgTable("sessions", token, (table) => [index("sessions_user").on(table.userId)]);
export const signInTokens = pgTable("sign_in_tokens", token);

export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id").notNull(),
    name: text("name").notNull(),
    keyHash: text("key_hash").notNull().unique(),
    hint: text("hint").notNull(),
    permissions: text("permissions").array().$type<Permission[]>().notNull(),
    /** Patterns of the models that the key may use; null for every model. */
    models: text("models").array(),
    expiresAt: time("expires_at"),
    createdAt: time("created_at").notNull(),
    lastUsedAt: time("last_used_at"),
  },
  (table) => [index("api_keys_project").on(table.projectId, table.createdAt.desc())],
);

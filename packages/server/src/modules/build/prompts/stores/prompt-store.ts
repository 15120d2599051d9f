import { and, arrayContains, asc, count, eq, gt, ilike, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { promptLabels, prompts, promptVersions } from "./schema.ts";

export type PromptRow = typeof prompts.$inferSelect;
type Changes = Partial<
  Pick<
    PromptRow,
    "description" | "tags" | "isArchived" | "protectedLabels" | "latestVersion" | "updatedBy" | "updatedAt"
  >
>;
export type PromptFilter = {
  readonly name?: string | undefined;
  readonly search?: string | undefined;
  readonly folder?: string | undefined;
  readonly tag?: string | undefined;
  readonly label?: string | undefined;
  readonly archived: "exclude" | "only" | "include";
};

/** Text that LIKE takes as it stands. */
const literally = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

function conditionsOf(projectId: string, { name, search, folder, tag, label, archived }: PromptFilter) {
  const pattern = search && `%${literally(search)}%`;
  return and(
    eq(prompts.projectId, projectId),
    name === undefined ? undefined : eq(prompts.name, name),
    archived === "include" ? undefined : eq(prompts.isArchived, archived === "only"),
    folder ? sql`starts_with(${prompts.name}, ${`${folder}/`})` : undefined,
    tag ? arrayContains(prompts.tags, [tag]) : undefined,
    label && label !== "latest"
      ? sql`EXISTS (SELECT 1 FROM ${promptLabels} WHERE ${promptLabels.promptId} = ${prompts.id} AND ${promptLabels.label} = ${label})`
      : undefined,
    pattern
      ? or(
          ilike(prompts.name, pattern),
          ilike(prompts.description, pattern),
          sql`EXISTS (SELECT 1 FROM ${promptVersions} WHERE ${promptVersions.promptId} = ${prompts.id}
            AND ${promptVersions.version} = ${prompts.latestVersion} AND ${promptVersions.content}::text ILIKE ${pattern})`,
        )
      : undefined,
  );
}

export const createPromptStore = (db: Postgres) => {
  const one = (projectId: string, name: string) => and(eq(prompts.projectId, projectId), eq(prompts.name, name));

  return {
    /** By name, those after a name. */
    list: (projectId: string, filter: PromptFilter, { limit, after }: { limit: number; after: string | null }) =>
      db
        .select()
        .from(prompts)
        .where(and(conditionsOf(projectId, filter), after === null ? undefined : gt(prompts.name, after)))
        .orderBy(asc(prompts.name))
        .limit(limit),

    listPage: (projectId: string, filter: PromptFilter, { limit, offset }: { limit: number; offset: number }) =>
      db
        .select()
        .from(prompts)
        .where(conditionsOf(projectId, filter))
        .orderBy(asc(prompts.name))
        .limit(limit)
        .offset(offset),

    async count(projectId: string, filter: PromptFilter): Promise<number> {
      const [row] = await db.select({ count: count() }).from(prompts).where(conditionsOf(projectId, filter));
      return row?.count ?? 0;
    },

    /** Names and tags of all that are not archived. */
    listPlaces: (projectId: string): Promise<Pick<PromptRow, "name" | "tags">[]> =>
      db
        .select({ name: prompts.name, tags: prompts.tags })
        .from(prompts)
        .where(and(eq(prompts.projectId, projectId), eq(prompts.isArchived, false))),

    async find(projectId: string, name: string): Promise<PromptRow | undefined> {
      const [row] = await db.select().from(prompts).where(one(projectId, name));
      return row;
    },

    async findName(projectId: string, promptId: string): Promise<string | undefined> {
      const isOne = and(eq(prompts.projectId, projectId), eq(prompts.id, promptId));
      const [row] = await db.select({ name: prompts.name }).from(prompts).where(isOne);
      return row?.name;
    },

    /** Locks the prompt, its versions and its labels until the transaction ends. */
    async findAndHold(projectId: string, name: string): Promise<PromptRow | undefined> {
      const [row] = await db.select().from(prompts).where(one(projectId, name)).for("update");
      return row;
    },

    /** False when there is one of that name. */
    async create(row: PromptRow): Promise<boolean> {
      const made = await db.insert(prompts).values(row).onConflictDoNothing().returning({ id: prompts.id });
      return made.length > 0;
    },

    async update(projectId: string, promptId: string, changes: Changes): Promise<PromptRow | undefined> {
      const [row] = await db
        .update(prompts)
        .set(changes)
        .where(and(eq(prompts.projectId, projectId), eq(prompts.id, promptId)))
        .returning();
      return row;
    },

    async delete(projectId: string, promptId: string): Promise<void> {
      await db.delete(prompts).where(and(eq(prompts.projectId, projectId), eq(prompts.id, promptId)));
    },
  };
};

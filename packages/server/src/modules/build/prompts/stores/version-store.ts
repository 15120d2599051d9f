import { and, desc, eq, exists, inArray, lt, ne, or, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { promptIncludes, promptLabels, prompts, promptVersions } from "./schema.ts";

export type VersionRow = typeof promptVersions.$inferSelect;
export type IncludeRow = Pick<typeof promptIncludes.$inferSelect, "includedName" | "reference">;
/** A version by its number or by a label. */
export type Reference = { readonly version: number } | { readonly label: string };

export const createVersionStore = (db: Postgres) => {
  const of = (projectId: string, promptId: string) =>
    and(eq(promptVersions.projectId, projectId), eq(promptVersions.promptId, promptId));

  return {
    /** Newest first, those before a number. */
    list: (projectId: string, promptId: string, { limit, before }: { limit: number; before: number | null }) =>
      db
        .select()
        .from(promptVersions)
        .where(and(of(projectId, promptId), before === null ? undefined : lt(promptVersions.version, before)))
        .orderBy(desc(promptVersions.version))
        .limit(limit),

    async find(projectId: string, promptId: string, version: number): Promise<VersionRow | undefined> {
      const [row] = await db
        .select()
        .from(promptVersions)
        .where(and(of(projectId, promptId), eq(promptVersions.version, version)));
      return row;
    },

    /** Resolves a prompt's name and a reference in one statement. */
    async findByName(projectId: string, name: string, reference: Reference) {
      const version =
        "version" in reference
          ? sql`${reference.version}`
          : reference.label === "latest"
            ? prompts.latestVersion
            : sql`(SELECT ${promptLabels.version} FROM ${promptLabels} WHERE ${promptLabels.promptId} = ${prompts.id} AND ${promptLabels.label} = ${reference.label})`;
      const [row] = await db
        .select({ prompt: prompts, version: promptVersions })
        .from(prompts)
        .innerJoin(promptVersions, and(eq(promptVersions.promptId, prompts.id), eq(promptVersions.version, version)))
        .where(and(eq(prompts.projectId, projectId), eq(prompts.name, name)));
      return row;
    },

    async create(row: VersionRow, includes: readonly IncludeRow[]): Promise<void> {
      const { projectId, promptId, version } = row;
      await db.insert(promptVersions).values(row);
      if (includes.length === 0) return;
      await db.insert(promptIncludes).values(includes.map((include) => ({ projectId, promptId, version, ...include })));
    },

    listIncluding: (projectId: string, name: string) => listIncluding(db, projectId, name),

    /** The numbers of each prompt's versions, for a list of few. */
    listNumbers: (projectId: string, promptIds: readonly string[]) =>
      db
        .select({ promptId: promptVersions.promptId, version: promptVersions.version })
        .from(promptVersions)
        .where(and(eq(promptVersions.projectId, projectId), inArray(promptVersions.promptId, [...promptIds])))
        .orderBy(promptVersions.version),
  };
};

/** The versions of other prompts that include this name; current are the newest ones and those that a label names. */
async function listIncluding(db: Postgres, projectId: string, name: string) {
  const isLabelled = exists(
    db
      .select({ label: promptLabels.label })
      .from(promptLabels)
      .where(and(eq(promptLabels.promptId, promptIncludes.promptId), eq(promptLabels.version, promptIncludes.version))),
  );
  return db
    .select({
      name: prompts.name,
      version: promptIncludes.version,
      reference: promptIncludes.reference,
      isCurrent: sql<boolean>`${or(eq(prompts.latestVersion, promptIncludes.version), isLabelled)}`,
    })
    .from(promptIncludes)
    .innerJoin(prompts, eq(prompts.id, promptIncludes.promptId))
    .where(and(eq(promptIncludes.projectId, projectId), eq(promptIncludes.includedName, name), ne(prompts.name, name)))
    .orderBy(prompts.name, desc(promptIncludes.version))
    .limit(500);
}

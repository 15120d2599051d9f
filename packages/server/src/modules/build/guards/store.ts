import type { GuardPolicy, GuardPolicyVersion } from "@treadle/contract";
import { and, asc, desc, eq, lt } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { matchKeyOf, type PolicyContent } from "./policy-content.ts";
import { guardPolicies, guardPolicyVersions } from "./schema.ts";

type Row = typeof guardPolicies.$inferSelect;
type VersionRow = typeof guardPolicyVersions.$inferSelect;

/** What older policies and versions do not say. */
const withDefaults = <Content extends Pick<PolicyContent, "rules" | "refusal">>(content: Content): Content => ({
  ...content,
  refusal: content.refusal ?? null,
  rules: content.rules.map((rule) => ({ ...NEWER_FIELDS, ...rule })),
});
const NEWER_FIELDS = { fallback: "block", target: null, budgetMs: 800 } as const;

const toPolicy = ({ id, projectId: _, matchKey: _key, createdAt, updatedAt, ...row }: Row): GuardPolicy => ({
  policyId: id,
  ...withDefaults(row),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const toVersion = ({ content, createdAt, ...row }: VersionRow): GuardPolicyVersion => ({
  ...withDefaults(content),
  ...row,
  createdAt: createdAt.toISOString(),
});

const one = (projectId: string, policyId: string) =>
  and(eq(guardPolicies.projectId, projectId), eq(guardPolicies.id, policyId));

export const createGuardStore = (db: Postgres) => ({
  ...createPolicyReads(db),
  ...createPolicyWrites(db),
  ...createVersions(db),
});
export type GuardStore = ReturnType<typeof createGuardStore>;

const createPolicyReads = (db: Postgres) => ({
  async list(projectId: string): Promise<GuardPolicy[]> {
    const rows = await db
      .select()
      .from(guardPolicies)
      .where(eq(guardPolicies.projectId, projectId))
      .orderBy(asc(guardPolicies.name));
    return rows.map(toPolicy);
  },

  async find(projectId: string, policyId: string): Promise<GuardPolicy | undefined> {
    const [row] = await db.select().from(guardPolicies).where(one(projectId, policyId));
    return row && toPolicy(row);
  },

  /** The policy, locked until the transaction ends. */
  async lock(projectId: string, policyId: string): Promise<GuardPolicy | undefined> {
    const [row] = await db.select().from(guardPolicies).where(one(projectId, policyId)).for("update");
    return row && toPolicy(row);
  },
});

const createPolicyWrites = (db: Postgres) => ({
  /** Undefined when another policy has the name, or applies to the same calls. */
  async create(row: Omit<Row, "matchKey">): Promise<GuardPolicy | undefined> {
    const [created] = await db
      .insert(guardPolicies)
      .values({ ...row, matchKey: matchKeyOf(row.appliesTo) })
      .onConflictDoNothing()
      .returning();
    return created && toPolicy(created);
  },

  async update(
    projectId: string,
    policyId: string,
    changes: PolicyContent & Pick<Row, "version" | "updatedAt">,
  ): Promise<GuardPolicy | undefined> {
    const [row] = await db
      .update(guardPolicies)
      .set({ ...changes, matchKey: matchKeyOf(changes.appliesTo) })
      .where(one(projectId, policyId))
      .returning();
    return row && toPolicy(row);
  },

  async delete(projectId: string, policyId: string): Promise<GuardPolicy | undefined> {
    const [row] = await db.delete(guardPolicies).where(one(projectId, policyId)).returning();
    return row && toPolicy(row);
  },
});

const createVersions = (db: Postgres) => ({
  async addVersion(row: VersionRow): Promise<void> {
    await db.insert(guardPolicyVersions).values(row);
  },

  async findVersion(policyId: string, version: number): Promise<PolicyContent | undefined> {
    const [row] = await db
      .select({ content: guardPolicyVersions.content })
      .from(guardPolicyVersions)
      .where(and(eq(guardPolicyVersions.policyId, policyId), eq(guardPolicyVersions.version, version)));
    return row && withDefaults(row.content);
  },

  /** Newest first, below a version if one is given. */
  async listVersions(policyId: string, { limit, below }: { limit: number; below: number | undefined }) {
    const older = below === undefined ? undefined : lt(guardPolicyVersions.version, below);
    const rows = await db
      .select()
      .from(guardPolicyVersions)
      .where(and(eq(guardPolicyVersions.policyId, policyId), older))
      .orderBy(desc(guardPolicyVersions.version))
      .limit(limit);
    return rows.map(toVersion);
  },
});

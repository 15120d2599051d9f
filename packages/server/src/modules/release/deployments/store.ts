import { DEFAULT_ROLLOUT_TEMPLATE, type DeploymentSettings, type DeploymentState } from "@treadle/contract";
import { and, asc, desc, eq, exists, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { deploymentRollouts, deploymentSettings, deployments } from "./schema.ts";

export type DeploymentRow = typeof deployments.$inferSelect;
export type LinkRow = typeof deploymentRollouts.$inferSelect;
type Listing = {
  readonly limit: number;
  /** The sort key of the last row of the page before. */
  readonly before: readonly [createdAt: string, id: string] | null;
  readonly model?: string | undefined;
  readonly version?: number | undefined;
  readonly rolloutId?: string | undefined;
  readonly state?: DeploymentState | undefined;
};
type Place = { readonly model: string; readonly alias: string };

const one = (projectId: string, id: string) => and(eq(deployments.projectId, projectId), eq(deployments.id, id));

export const createDeploymentStore = (db: Postgres) => ({
  ...createReads(db),
  ...createRunningReads(db),
  ...createWrites(db),
});

const createReads = (db: Postgres) => ({
  /** Newest first. */
  list: (projectId: string, listing: Listing): Promise<DeploymentRow[]> => listDeployments(db, projectId, listing),

  async find(projectId: string, id: string): Promise<DeploymentRow | undefined> {
    const [row] = await db.select().from(deployments).where(one(projectId, id));
    return row;
  },

  /** The deployment, locked until the transaction ends. */
  async lock(projectId: string, id: string): Promise<DeploymentRow | undefined> {
    const [row] = await db.select().from(deployments).where(one(projectId, id)).for("update");
    return row;
  },

  async listLinks(projectId: string, deploymentIds: readonly string[]): Promise<LinkRow[]> {
    if (deploymentIds.length === 0) return [];
    const rows = await db
      .select({ link: deploymentRollouts })
      .from(deploymentRollouts)
      .innerJoin(deployments, eq(deployments.id, deploymentRollouts.deploymentId))
      .where(and(eq(deployments.projectId, projectId), inArray(deployments.id, [...deploymentIds])))
      .orderBy(asc(deploymentRollouts.endpoint));
    return rows.map(({ link }) => link);
  },
});

const createRunningReads = (db: Postgres) => ({
  /** Oldest first. */
  listRunning: (projectId: string): Promise<DeploymentRow[]> =>
    db
      .select()
      .from(deployments)
      .where(and(eq(deployments.projectId, projectId), eq(deployments.state, "running")))
      .orderBy(asc(deployments.createdAt), asc(deployments.id)),

  async findRunning(projectId: string, { model, alias }: Place): Promise<DeploymentRow | undefined> {
    const isOf = and(eq(deployments.model, model), eq(deployments.alias, alias));
    const [row] = await db
      .select()
      .from(deployments)
      .where(and(eq(deployments.projectId, projectId), eq(deployments.state, "running"), isOf));
    return row;
  },
});

function listDeployments(
  db: Postgres,
  projectId: string,
  { limit, before, model, version, rolloutId, state }: Listing,
): Promise<DeploymentRow[]> {
  const isOf = (id: string) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(deploymentRollouts)
        .where(and(eq(deploymentRollouts.deploymentId, deployments.id), eq(deploymentRollouts.rolloutId, id))),
    );
  const wanted = [
    eq(deployments.projectId, projectId),
    model === undefined ? undefined : eq(deployments.model, model),
    version === undefined ? undefined : eq(deployments.toVersion, version),
    state === undefined ? undefined : eq(deployments.state, state),
    rolloutId === undefined ? undefined : isOf(rolloutId),
    before === null
      ? undefined
      : sql`(${deployments.createdAt}, ${deployments.id}) < (${before[0]}::timestamptz, ${before[1]})`,
  ];
  return db
    .select()
    .from(deployments)
    .where(and(...wanted))
    .orderBy(desc(deployments.createdAt), desc(deployments.id))
    .limit(limit);
}

const createWrites = (db: Postgres) => ({
  /** False if another deployment of the alias is running. */
  async create(row: DeploymentRow): Promise<boolean> {
    return (await db.insert(deployments).values(row).onConflictDoNothing().returning()).length > 0;
  },

  async addLink(row: LinkRow): Promise<void> {
    await db.insert(deploymentRollouts).values(row);
  },

  async update(
    projectId: string,
    id: string,
    changes: Partial<Pick<DeploymentRow, "state" | "message" | "endedAt">>,
  ): Promise<void> {
    await db.update(deployments).set(changes).where(one(projectId, id));
  },
});

export const createDeploymentSettingsStore = (db: Postgres) => ({
  async find(projectId: string): Promise<DeploymentSettings> {
    const [row] = await db.select().from(deploymentSettings).where(eq(deploymentSettings.projectId, projectId));
    const { rolloutOnAlias = "off", template = DEFAULT_ROLLOUT_TEMPLATE } = row ?? {};
    return { rolloutOnAlias, template };
  },

  async save(projectId: string, settings: DeploymentSettings): Promise<void> {
    await db
      .insert(deploymentSettings)
      .values({ projectId, ...settings })
      .onConflictDoUpdate({ target: deploymentSettings.projectId, set: settings });
  },
});

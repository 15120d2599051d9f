import type { Deployment, DeploymentInput, DeploymentState } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { AliasChange, AliasChanges } from "../../train/registry/index.ts";
import type { DeploymentDeps } from "./deps.ts";
import { showDeployments } from "./present.ts";
import { createDeploymentSettings } from "./settings-service.ts";
import { createSettle } from "./settle-deployments.ts";
import {
  alreadyRunning,
  deployWithoutRollout,
  type EndpointUse,
  findUses,
  startDeployment,
} from "./start-deployment.ts";
import { createDeploymentSettingsStore, createDeploymentStore, type DeploymentRow } from "./store.ts";

type Query = {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly model?: string | undefined;
  readonly version?: number | undefined;
  readonly rolloutId?: string | undefined;
  readonly state?: DeploymentState | undefined;
};

/** Moves of aliases that wait for a rollout on each endpoint that uses the alias. */
export function createDeployments(deps: DeploymentDeps) {
  const starting = createStarting(deps);
  return {
    settings: createDeploymentSettings(deps),
    settle: createSettle(deps),
    ...createReads(deps),

    /** Throws `conflict` while the alias waits already, or if an endpoint cannot have the rollout. */
    async deploy(scope: Scope, { model, version, alias, reason }: DeploymentInput): Promise<Deployment> {
      const change = await deps.registry.plan(scope, model, { alias, version: String(version), reason });
      return show(deps, scope, await starting.deploy(scope, change));
    },

    /** For the registry. */
    aliasChanges: createAliasChanges(deps, starting),
  };
}
export type Deployments = ReturnType<typeof createDeployments>;

async function show(deps: DeploymentDeps, scope: Scope, row: DeploymentRow): Promise<Deployment> {
  const [deployment] = await showDeployments(deps, scope, [row]);
  if (!deployment) throw notFound("deployment", row.id);
  return deployment;
}

const createReads = (deps: DeploymentDeps) => ({
  /** Newest first. */
  async list(scope: Scope, { limit, cursor, ...wanted }: Query) {
    const before = cursor === undefined ? null : fromTimeCursor(cursor);
    const rows = await createDeploymentStore(deps.db).list(scope.projectId, { ...wanted, limit: limit + 1, before });
    const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
    return { ...page, items: await showDeployments(deps, scope, page.items) };
  },

  async get(scope: Scope, deploymentId: string): Promise<Deployment> {
    const row = await createDeploymentStore(deps.db).find(scope.projectId, deploymentId);
    if (!row) throw notFound("deployment", deploymentId);
    return show(deps, scope, row);
  },
});

const createIdleCheck =
  ({ db }: Pick<DeploymentDeps, "db">): AliasChanges["checkIdle"] =>
  async ({ projectId }, place) => {
    const running = await createDeploymentStore(db).findRunning(projectId, place);
    if (running) throw alreadyRunning(running);
  };

function createStarting(deps: DeploymentDeps) {
  const { db, endpoints } = deps;
  const settings = createDeploymentSettingsStore(db);
  const checkIdle = createIdleCheck(deps);

  /** A move to the version that answers now changes no traffic. */
  async function usesOf(scope: Scope, change: AliasChange): Promise<readonly EndpointUse[]> {
    if (change.from === null || change.from === change.to) return [];
    return findUses(await endpoints.list(scope), change);
  }

  async function start(scope: Scope, change: AliasChange, uses: readonly EndpointUse[]): Promise<DeploymentRow> {
    const { template } = await settings.find(scope.projectId);
    return startDeployment(deps, scope, { change, uses, template });
  }

  return {
    checkIdle,
    usesOf,
    start,
    isRequired: async ({ projectId }: Scope) => (await settings.find(projectId)).rolloutOnAlias === "required",

    async deploy(scope: Scope, change: AliasChange): Promise<DeploymentRow> {
      await checkIdle(scope, change);
      const uses = await usesOf(scope, change);
      return uses.length === 0 ? deployWithoutRollout(deps, scope, change) : start(scope, change, uses);
    },
  };
}
type Starting = ReturnType<typeof createStarting>;

const createAliasChanges = (deps: DeploymentDeps, starting: Starting): AliasChanges => ({
  checkIdle: starting.checkIdle,

  async begin(scope, change) {
    await starting.checkIdle(scope, change);
    if (!(await starting.isRequired(scope))) return null;
    const uses = await starting.usesOf(scope, change);
    if (uses.length === 0) return null;
    const { deploymentId, rollouts } = await show(deps, scope, await starting.start(scope, change, uses));
    return { deploymentId, rolloutIds: rollouts.map(({ rolloutId }) => rolloutId) };
  },

  async isRequired(scope, place) {
    if (await createDeploymentStore(deps.db).findRunning(scope.projectId, place)) return true;
    return starting.isRequired(scope);
  },
});

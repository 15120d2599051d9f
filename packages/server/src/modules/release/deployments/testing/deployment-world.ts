import { endpointsApi, type Variant } from "@treadle/contract";
import type { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createWorld } from "../../rollouts/testing/rollout-world.ts";
import type { DeploymentDeps } from "../deps.ts";
import { createDeployments, type Deployments } from "../service.ts";

const ENDPOINT = endpointsApi["POST /api/v1/endpoints"].body;
const CURRENT = { name: "current", model: "bot@production", weight: 3 };

type Move = { readonly version: string; readonly actor: string };

/** A project with an endpoint that uses `bot@production`, which points to version 1. */
export async function createDeploymentWorld({ db, columnar }: { readonly db: Postgres; readonly columnar: Columnar }) {
  const world = await createWorld({ db, columnar }, [CURRENT]);
  const moves: Move[] = [];
  let isSettling = true;
  const settle = async (projectId: string): Promise<void> => {
    if (!isSettling) throw new Error("the process was killed");
    await deployments.settle(projectId);
  };
  const { rollouts, evaluate } = world.open({ settle });
  const numberNow = () => Number(moves.at(-1)?.version ?? 1);
  const registry: DeploymentDeps["registry"] = {
    plan: async (_scope, model, { alias, version, reason }) => ({
      model,
      alias,
      from: numberNow(),
      to: Number(version),
      reason,
    }),
    moveIn: async (_tx, { actor }, { version }) => void moves.push({ version, actor }),
    forget() {},
  };
  const { endpoints, audit, clock, scope, signal } = world;
  const shared = { db, endpoints, audit, clock, registry };
  const deployments: Deployments = createDeployments({ ...shared, rollouts: rollouts.forDeployments });
  return {
    ...world,
    rollouts,
    evaluate,
    deployments,
    /** The moves of the alias, oldest first. */
    moves,
    /** Whether the end of a rollout reaches its deployment. */
    setSettling(next: boolean) {
      isSettling = next;
    },
    deploy: (version = 2) =>
      deployments.deploy(scope, { model: "bot", version, alias: "production", reason: "Better tone" }),
    begin: (to = 2) => {
      const change = { model: "bot", alias: "production", from: numberNow(), to, reason: "" };
      return deployments.aliasChanges.begin(scope, change);
    },
    /** The variants of an endpoint as `name model weight`. */
    async variants(endpointId: string): Promise<string[]> {
      const { variants } = await endpoints.get(scope, endpointId);
      return variants.map(({ name, model, weight }: Variant) => `${name} ${model} ${weight}`);
    },
    async addEndpoint(given: Partial<z.input<typeof ENDPOINT>>): Promise<string> {
      const input = ENDPOINT.parse({ name: "sales", variants: [CURRENT], ...given });
      return (await endpoints.create(scope, input)).endpointId;
    },
    promote: (rolloutId: string) => rollouts.promote(scope, rolloutId, signal),
    rollBack: (rolloutId: string) => rollouts.rollBack(scope, rolloutId, signal),
    stateOf: async (deploymentId: string) => (await deployments.get(scope, deploymentId)).state,
  };
}

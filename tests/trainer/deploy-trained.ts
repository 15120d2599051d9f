import { setTimeout as delay } from "node:timers/promises";
import { vi } from "vitest";
import type { TrainingWorld } from "../setup/training-world.ts";

const CALLERS = 8;
const patient = { timeout: 200_000, interval: 500 };
type World = Pick<TrainingWorld, "client" | "treadle">;

/** Requests one answer of the endpoint "helper". */
async function ask({ treadle }: World, user: string): Promise<void> {
  const { url, apiKey } = treadle();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", "x-treadle-user": user },
    body: JSON.stringify({ model: "helper", max_tokens: 2, messages: [{ role: "user", content: "What is 3 and 3?" }] }),
  });
  if (response.status !== 200) throw new Error(`helper answered ${response.status}: ${await response.text()}`);
  await response.text();
}

/** Requests of new users until a deployment ends. */
async function askUntilEnd(world: World, deploymentId: string) {
  const read = () => world.client().call("GET /api/v1/deployments/:deploymentId", { params: { deploymentId } });
  const until = Date.now() + patient.timeout;
  let deployment = await read();
  let users = 0;
  const caller = async () => {
    while (deployment.state === "running" && Date.now() < until) await ask(world, `u${users++}`);
  };
  const watch = async () => {
    while (deployment.state === "running" && Date.now() < until) {
      await delay(patient.interval);
      deployment = await read();
    }
  };
  await Promise.all([watch(), ...Array.from({ length: CALLERS }, caller)]);
  return deployment;
}

/** An endpoint that uses the production version of a model. The project requires a rollout before the alias moves. */
async function requireRollout({ client }: World, model: string): Promise<void> {
  const { call } = client();
  const params = { name: model, alias: "production" };
  await call("PUT /api/v1/registry/models/:name/aliases/:alias", { params, body: { version: "1" } });
  const variants = [{ name: "current", model: `${model}@production`, weight: 1 }];
  await call("POST /api/v1/endpoints", { body: { name: "helper", variants } });
  const stages = [{ share: 0.5, minUnits: 40, minMinutes: 0 }];
  const guardrails = [{ metric: { kind: "error" as const }, margin: 0.2 }];
  const body = { rolloutOnAlias: "required" as const, template: { stages, guardrails, unit: "user" as const } };
  await call("PUT /api/v1/deployment-settings", { body });
}

/** The lineage of the newest answer that a filter finds. */
async function lineageOf({ client }: World, filter: string) {
  const { call } = client();
  const { traceId, spanId } = await vi.waitFor(async () => {
    const [span] = (await call("GET /api/v1/spans", { query: { filter, limit: 1 } })).items;
    if (!span) throw new Error(`no span has ${filter}`);
    return span;
  }, patient);
  return call("GET /api/v1/lineage/answers/:traceId/:spanId", { params: { traceId, spanId } });
}

/** Deploys the second version of a trained model by traffic alone. Gives the lineage of answers during and after the rollout. */
export async function deployTrained(world: World, model: string) {
  await requireRollout(world, model);
  const { call } = world.client();
  const { deploymentId } = await call("POST /api/v1/deployments", { body: { model, version: 2 } });
  const deployment = await askUntilEnd(world, deploymentId);
  const rolloutId = deployment.rollouts[0]?.rolloutId ?? "";
  await ask(world, "later");
  return {
    deployment,
    during: await lineageOf(world, `rollout:${rolloutId} variant:current-v2`),
    after: await lineageOf(world, "endpoint:helper user:later"),
  };
}

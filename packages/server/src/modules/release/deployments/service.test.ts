import { DEFAULT_ROLLOUT_TEMPLATE } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createDeploymentWorld } from "./testing/deployment-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));
const newWorld = () => createDeploymentWorld({ db: postgres.db, columnar });

const ORIGINAL = ["current bot@production 3"];
const COMPARED = ["current bot@v1 3", "current-v2 bot@v2 0"];

describe("a deployment on one endpoint", () => {
  test("starts a rollout against the pinned version, and the alias stays", async () => {
    const world = await newWorld();
    const { deploymentId, rollouts, ...deployment } = await world.deploy();
    expect(deployment).toMatchObject({ model: "bot", fromVersion: 1, toVersion: 2, state: "running" });
    expect(await world.variants(world.endpointId)).toEqual(COMPARED);
    expect(world.moves).toEqual([]);
    const [started] = rollouts;
    expect(started).toMatchObject({ endpoint: "support", control: "current", candidate: "current-v2" });
    const { stages, guardrails, ...rollout } = await world.rollouts.get(world.scope, started?.rolloutId ?? "");
    expect(rollout).toMatchObject({ state: "running", stage: 0, share: 0.1 });
    expect({ stages, guardrails }).toEqual({
      stages: DEFAULT_ROLLOUT_TEMPLATE.stages,
      guardrails: DEFAULT_ROLLOUT_TEMPLATE.guardrails,
    });
    expect((await world.endpoint()).rollout).toMatchObject({ candidate: "current-v2", share: 0.1 });
    expect((await world.audits(deploymentId)).map(({ action }) => action)).toEqual(["deployment.start"]);
  });

  test("moves the alias when its rollout is promoted, in the name of the person who deployed", async () => {
    const world = await newWorld();
    const { deploymentId, rollouts } = await world.deploy();
    await world.promote(rollouts[0]?.rolloutId ?? "");
    expect(world.moves).toEqual([{ version: "2", actor: "user_1" }]);
    expect(await world.variants(world.endpointId)).toEqual(ORIGINAL);
    expect(await world.deployments.get(world.scope, deploymentId)).toMatchObject({
      state: "deployed",
      rollouts: [{ state: "promoted" }],
      endedAt: expect.any(String),
    });
    expect((await world.audits(deploymentId)).map(({ action }) => action)).toEqual([
      "deployment.start",
      "deployment.deployed",
    ]);
  });

  test("leaves the alias and removes the candidate when its rollout is rolled back", async () => {
    const world = await newWorld();
    const { deploymentId, rollouts } = await world.deploy();
    await world.rollBack(rollouts[0]?.rolloutId ?? "");
    expect(world.moves).toEqual([]);
    expect(await world.variants(world.endpointId)).toEqual(ORIGINAL);
    expect(await world.deployments.get(world.scope, deploymentId)).toMatchObject({
      state: "rolled-back",
      message: 'Version 2 was not deployed, because its rollout on the endpoint "support" was rolled back.',
    });
    expect(await world.deploy()).toMatchObject({ state: "running" });
  });

  test("ends at the next evaluation if the server stopped after the promotion", async () => {
    const world = await newWorld();
    const { deploymentId, rollouts } = await world.deploy();
    world.setSettling(false);
    await world.promote(rollouts[0]?.rolloutId ?? "");
    expect(await world.stateOf(deploymentId)).toBe("running");
    expect(await world.variants(world.endpointId)).toEqual(["current bot@v1 0", "current-v2 bot@v2 3"]);
    world.setSettling(true);
    await Promise.all([world.evaluate(), world.evaluate()]);
    expect(await world.stateOf(deploymentId)).toBe("deployed");
    expect(world.moves).toHaveLength(1);
    expect(await world.variants(world.endpointId)).toEqual(ORIGINAL);
  });
});

describe("a deployment on several endpoints", () => {
  test("moves the alias after the last promotion", async () => {
    const world = await newWorld();
    const sales = await world.addEndpoint({});
    const { deploymentId, rollouts } = await world.deploy();
    const [first, second] = rollouts;
    await world.promote(first?.rolloutId ?? "");
    expect(world.moves).toEqual([]);
    expect(await world.stateOf(deploymentId)).toBe("running");
    await world.promote(second?.rolloutId ?? "");
    expect(world.moves).toHaveLength(1);
    for (const endpointId of [sales, world.endpointId]) expect(await world.variants(endpointId)).toEqual(ORIGINAL);
  });

  test("rolls all of them back if one is rolled back, also a promoted one", async () => {
    const world = await newWorld();
    const endpointIds = [
      world.endpointId,
      await world.addEndpoint({}),
      await world.addEndpoint({ name: "third", assignBy: "session" }),
    ];
    const { deploymentId, rollouts } = await world.deploy();
    const [first, second, third] = rollouts.map(({ rolloutId }) => rolloutId);
    await world.promote(first ?? "");
    await world.rollBack(second ?? "");
    expect(await world.stateOf(deploymentId)).toBe("rolled-back");
    expect(await world.rollouts.get(world.scope, third ?? "")).toMatchObject({
      state: "rolled-back",
      reason: "deployment",
      unit: "session",
    });
    expect(world.moves).toEqual([]);
    for (const endpointId of endpointIds) expect(await world.variants(endpointId)).toEqual(ORIGINAL);
  });

  test("starts on none of them if one cannot have the rollout", async () => {
    const world = await newWorld();
    const sales = await world.addEndpoint({
      variants: [
        { name: "a", model: "bot@production", weight: 1 },
        { name: "b", model: "bot", weight: 1 },
      ],
    });
    await expect(world.deploy()).rejects.toThrow('The variants a, b of the endpoint "sales" use bot@production');
    await world.endpoints.delete(world.scope, sales);
    await world.addEndpoint({ strategy: "latency" });
    await expect(world.deploy()).rejects.toThrow('The endpoint "sales" chooses variants by latency');
    expect(await world.variants(world.endpointId)).toEqual(ORIGINAL);
    expect((await world.deployments.list(world.scope, { limit: 10 })).items).toEqual([]);
  });
});

describe("a deployment is refused", () => {
  test("while another deployment of the alias is running", async () => {
    const world = await newWorld();
    const { deploymentId } = await world.deploy();
    await expect(world.deploy(3)).rejects.toMatchObject({
      message: expect.stringContaining("waits for the rollouts of version 2"),
      details: { deploymentId },
    });
    const place = { model: "bot", alias: "production" };
    await expect(world.deployments.aliasChanges.checkIdle(world.scope, place)).rejects.toThrow("waits for");
  });

  test("while another rollout has the endpoint", async () => {
    const world = await newWorld();
    await world.endpoints.rewrite(postgres.db, world.scope, {
      endpointId: world.endpointId,
      change: (content) => ({
        ...content,
        variants: content.variants.flatMap((variant) => [
          variant,
          { ...variant, name: "new", model: "m-new", weight: 0 },
        ]),
      }),
    });
    await world.start({ candidate: "new", control: "current" });
    await expect(world.deploy()).rejects.toThrow('The endpoint "support" is in a rollout of the variant "new" already');
  });
});

describe("a move of an alias", () => {
  test("is immediate unless the project requires rollouts", async () => {
    const world = await newWorld();
    expect(await world.begin()).toBeNull();
    await world.deployments.settings.update(world.scope, { rolloutOnAlias: "required" });
    expect(await world.begin()).toMatchObject({ rolloutIds: [expect.any(String)] });
    expect(await world.variants(world.endpointId)).toEqual(COMPARED);
    const [entry] = await world.audits(world.scope.projectId);
    expect(entry).toMatchObject({ action: "deployment-settings.update", details: { rolloutOnAlias: "required" } });
  });

  test("is immediate if no variant with traffic uses the alias", async () => {
    const world = await newWorld();
    await world.deployments.settings.update(world.scope, { rolloutOnAlias: "required" });
    await world.endpoints.delete(world.scope, world.endpointId);
    await world.addEndpoint({
      variants: [
        { name: "own", model: "m-old", weight: 1 },
        { name: "idle", model: "bot@production", weight: 0 },
      ],
    });
    expect(await world.begin()).toBeNull();
    expect(await world.deploy()).toMatchObject({ state: "deployed", rollouts: [] });
    expect(world.moves).toHaveLength(1);
  });
});

test("a template with shrinking stages is rejected with the field", async () => {
  const world = await newWorld();
  const stage = { share: 0.5, minUnits: 100, minMinutes: 60, needsApproval: false };
  const template = { ...DEFAULT_ROLLOUT_TEMPLATE, stages: [stage, { ...stage, share: 0.1 }] };
  await expect(world.deployments.settings.update(world.scope, { template })).rejects.toMatchObject({
    code: "unprocessable",
    details: { param: "stages.1.share" },
  });
  expect(await world.deployments.settings.get(world.scope)).toEqual({
    rolloutOnAlias: "off",
    template: DEFAULT_ROLLOUT_TEMPLATE,
  });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenProjects, openProjects } from "../testing/open-projects.ts";

let world: OpenProjects;
beforeAll(async () => {
  world = await openProjects();
});
afterAll(() => world.close());

const isRight = async (key: string) =>
  (await world.projects.authenticate({ authorization: `Bearer ${key}` }, "a")) !== null;

test("the first start makes a project and a key with full rights; the next ones find them", async () => {
  const { projects, seeded } = world;
  expect(seeded).toMatchObject({
    isFirstStart: true,
    projectId: expect.stringMatching(/^project_/),
    apiKey: expect.stringMatching(/^tr_/),
  });
  expect(await isRight(seeded.apiKey ?? "")).toBe(true);
  expect(await projects.seedFirstProject({})).toEqual({
    isFirstStart: false,
    projectId: seeded.projectId,
    apiKey: null,
  });
});

test("the bootstrap key is the one of the setting: the same twice, rotated when it changes, gone when it is unset", async () => {
  const { projects, owner } = world;
  const stored = async () =>
    (await projects.keys.list(owner.scope, { limit: 50 })).items.filter(({ name }) => name === "Bootstrap key");
  await projects.seedFirstProject({ bootstrapKey: "first-bootstrap-key" });
  await projects.seedFirstProject({ bootstrapKey: "first-bootstrap-key" });
  expect([await isRight("first-bootstrap-key"), (await stored()).length]).toEqual([true, 1]);
  await projects.seedFirstProject({ bootstrapKey: "second-bootstrap-key" });
  expect([await isRight("first-bootstrap-key"), await isRight("second-bootstrap-key")]).toEqual([false, true]);
  expect(JSON.stringify(await stored())).not.toContain("second");
  await projects.seedFirstProject({});
  expect([await isRight("second-bootstrap-key"), (await stored()).length]).toEqual([false, 0]);
});

test("two servers that start at once make one first project", async () => {
  const { projects, seeded } = world;
  const starts = await Promise.all([1, 2, 3].map(() => projects.seedFirstProject({})));
  expect(new Set(starts.map(({ projectId }) => projectId))).toEqual(new Set([seeded.projectId]));
});

test("a demo project whose data could not be written is not there, and is made at the next try, once", async () => {
  const { projects, owner, scopeOf } = world;
  const fails = () => Promise.reject(new Error("no disk"));
  await expect(projects.createSampleProject(fails)).rejects.toThrow("no disk");
  expect((await projects.list(owner.scope)).items).toHaveLength(1);
  const filled: string[] = [];
  const made = await projects.createSampleProject(async (projectId) => void filled.push(projectId));
  expect(filled).toEqual([made?.projectId]);
  expect(await projects.createSampleProject()).toBeNull();
  world.clock.move(61_000);
  expect(
    (await scopeOf({ cookie: owner.cookie, "x-treadle-project": made?.projectId })).permissions.has("projects:write"),
  ).toBe(true);
});

test("no sign-in link is made any more once the owner has a password", async () => {
  const { projects, owner } = world;
  expect(await projects.newSignInToken()).toMatch(/^in_/);
  await projects.account.update(owner.scope, { password: "long enough" }, { cookie: owner.cookie, remoteAddress: "a" });
  expect(await projects.newSignInToken()).toBeNull();
});

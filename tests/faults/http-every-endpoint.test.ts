import { afterAll, beforeAll, expect, test } from "vitest";
import { startTenants, type Tenants } from "./http-tenants.ts";
import { type World, walkEndpoints } from "./http-walk.ts";

let tenants: Tenants;
let world: World;

beforeAll(async () => {
  tenants = await startTenants();
  const { call, enter, key, projects, projectId, url } = tenants;
  const owner = await enter(await projects.newSignInToken());
  const gone = await enter(await projects.newSignInToken());
  await call("DELETE /api/v1/session", gone);
  const revoked = (await call("POST /api/v1/api-keys", key, { name: "revoked" })).answer;
  await call(`DELETE /api/v1/api-keys/${revoked.id}`, key);
  const invited = (await call("POST /api/v1/members", owner, { email: "viewer@example.com", role: "viewer" })).answer;
  const demo = await projects.createSampleProject();
  const { answer } = await call(
    "POST /api/v1/api-keys",
    { ...(await enter(await projects.newSignInToken())), "x-treadle-project": demo?.projectId ?? "" },
    { name: "other" },
  );
  world = {
    url,
    strangers: {
      nobody: {},
      "a made-up key": { authorization: "Bearer tr_0000000000000000000000000000000000000000000" },
      "a revoked key": { authorization: `Bearer ${revoked.key}` },
      "a session that was ended": gone,
    },
    viewer: await enter(invited.signInPath.split("=")[1]),
    otherTenant: { authorization: `Bearer ${answer.key}` },
    ids: { projectId, userId: invited.userId, apiKeyId: (await call("GET /api/v1/api-keys", key)).answer.items[0].id },
  };
});
afterAll(() => tenants.close());

test("no endpoint lets in a stranger, a viewer without the right, or another tenant", async () => {
  expect(await walkEndpoints(world)).toEqual([]);
});

test("the walk sees who gets through", async () => {
  const found = await walkEndpoints({
    ...world,
    strangers: { "the key itself": tenants.key },
    viewer: tenants.key,
    otherTenant: tenants.key,
  });
  expect(found.map(({ caller }) => caller)).toEqual(
    expect.arrayContaining(["the key itself", "a viewer", "another tenant"]),
  );
});

test("another tenant's project is not found, whether it exists or not", async () => {
  const { call } = tenants;
  const asOther = (project: string) =>
    call("GET /api/v1/api-keys", { ...world.otherTenant, "x-treadle-project": project });
  const [real, madeUp] = [await asOther(tenants.projectId), await asOther("project_made_up")];
  expect([real.status, madeUp.status]).toEqual([404, 404]);
  expect(real.answer.error.message.replace(tenants.projectId, "?")).toBe(
    madeUp.answer.error.message.replace("project_made_up", "?"),
  );
});

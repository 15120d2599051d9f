import { PERMISSIONS } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTenants, type Tenants } from "./http-tenants.ts";

let tenants: Tenants;
let owner: Record<string, string>;
beforeAll(async () => {
  tenants = await startTenants();
  owner = await tenants.enter(await tenants.projects.newSignInToken());
});
afterAll(() => tenants.close());

const keyNames = async () =>
  (await tenants.call("GET /api/v1/api-keys?limit=200", tenants.key)).answer.items.map(
    (item: { name: string }) => item.name,
  );

describe("a credential that cannot be one", () => {
  test.each([
    ["Bearer ' OR 1=1--", 401],
    ["Bearer tr_' UNION SELECT * FROM api_keys--", 401],
    [`Bearer ${"x".repeat(10_000)}`, 401],
    ["Bearer ", 401],
    ["Bearer", 401],
    ["Basic !!!", 401],
    ["Digest username=x", 401],
    ["\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc", 401],
  ])("is refused without a word of why (%#)", async (authorization, status) => {
    const { status: actual, answer } = await tenants.call("GET /api/v1/api-keys", { authorization });
    expect([actual, answer.error.code, answer.error.details]).toEqual([status, "unauthorized", undefined]);
    expect(JSON.stringify(answer)).not.toMatch(/sql|select|syntax|postgres/i);
  });

  test("of a megabyte is not even read", async () => {
    const call = tenants.call("GET /api/v1/api-keys", { authorization: `Bearer ${"x".repeat(1_000_000)}` });
    const status = await call.then(
      (response) => response.status,
      () => 431,
    );
    expect(status).toBe(431);
  });
});

describe("more rights than one has", () => {
  test("cannot be had by asking for a key with them, and nothing is stored", async () => {
    const limited = (
      await tenants.call("POST /api/v1/api-keys", tenants.key, {
        name: "limited",
        permissions: ["keys:write", "keys:read"],
      })
    ).answer;
    const asLimited = { authorization: `Bearer ${limited.key}` };
    const before = await keyNames();
    const asks: [object, number][] = [
      [{ name: "all", permissions: [...PERMISSIONS] }, 403],
      [{ name: "star", permissions: ["*"] }, 400],
      [{ name: "scopes", scopes: ["*"] }, 400],
      [{ name: "role", role: "owner" }, 400],
      [{ name: "elsewhere", projectId: "project_other" }, 400],
    ];
    for (const [body, status] of asks)
      expect([body, (await tenants.call("POST /api/v1/api-keys", asLimited, body)).status]).toEqual([body, status]);
    expect(await keyNames()).toEqual(before);
  });

  test("cannot be had by changing oneself", async () => {
    const { call, enter } = tenants;
    const invited = (await call("POST /api/v1/members", owner, { email: "admin@example.com", role: "admin" })).answer;
    const admin = await enter(invited.signInPath.split("=")[1]);
    const own = `/api/v1/members/${invited.userId}`;
    expect((await call(`PATCH ${own}`, admin, { role: "owner" })).status).toBe(403);
    expect((await call("PATCH /api/v1/account", admin, { role: "owner" })).status).toBe(400);
    expect((await call("PATCH /api/v1/account", admin, { name: "x", permissions: ["*"] })).status).toBe(400);
    expect((await call("POST /api/v1/members", admin, { email: "admin@example.com", role: "owner" })).status).toBe(403);
    expect((await call("POST /api/v1/members", admin, { email: "other@example.com", role: "owner" })).status).toBe(403);
    const members = (await call("GET /api/v1/members", owner)).answer.items;
    expect(members.map((member: { email: string; role: string }) => [member.email, member.role]).sort()).toEqual([
      ["admin@example.com", "admin"],
      ["owner@localhost", "owner"],
    ]);
  });
});

test("who guesses keys is slowed down, and the right key from the same address is not", async () => {
  const statuses = new Set<number>();
  for (let count = 0; count < 60; count++) {
    const guess = { authorization: `Bearer ${tenants.key.authorization.slice(7, -3)}${100 + count}` };
    const { status, headers } = await tenants.call("GET /api/v1/api-keys", guess);
    statuses.add(status);
    if (status === 429) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect(statuses).toEqual(new Set([401, 429]));
  expect((await tenants.call("GET /api/v1/api-keys", tenants.key)).status).toBe(200);
});

test("a text with U+0000 or half a surrogate pair is refused, never a failure of the server", async () => {
  const { status, answer } = await tenants.call("POST /api/v1/api-keys", tenants.key, { name: "a\u0000b" });
  expect([status, answer.error.code]).toEqual([400, "invalid_request"]);
  const id = await tenants.call("DELETE /api/v1/api-keys/%F0%9F%92%A9", tenants.key);
  expect(id.status).toBe(404);
  const half = await tenants.call("POST /api/v1/api-keys", tenants.key, { name: "\ud800 lone" });
  expect([half.status, half.answer.error.message]).toEqual([400, expect.stringContaining("body.name contains half")]);
});

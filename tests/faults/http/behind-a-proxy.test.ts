import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { feedbackRoutes } from "../../../packages/server/src/modules/observe/feedback/index.ts";
import { openTestFeedback } from "../../../packages/server/src/modules/observe/feedback/testing/open-feedback.ts";
import { makeSpan } from "../../../packages/server/src/modules/observe/traces/testing/make-span.ts";
import { startHttp } from "../../../packages/server/src/platform/http/testing/start-http.ts";
import { startTenants, type Tenants } from "./http-tenants.ts";

const PROXY = "127.0.0.1";
/** The header that the proxy writes for callers from the internet. A forged header of the attacker ends up on the left. */
const from = (address: string) => ({ "x-forwarded-for": `203.0.113.99, ${address}` });
const ATTACKER = "198.51.100.66";
const PASSWORD = "the owner's long password";

let tenants: Tenants;
let owner: Awaited<ReturnType<Tenants["enter"]>>;
beforeAll(async () => {
  tenants = await startTenants({ trustedProxies: [PROXY], isBehindProxy: true });
  owner = await tenants.enter(await tenants.projects.newSignInToken());
  await tenants.call("PATCH /api/v1/account", owner, { email: "owner@example.com", password: PASSWORD });
});
afterAll(() => tenants.close());

describe("behind a proxy that the operator trusts", () => {
  test("an attacker's wrong passwords do not lock out the owner", async () => {
    const signIn = (password: string, address: string) =>
      tenants.call("POST /api/v1/session", from(address), { email: "owner@example.com", password });
    const wrong = await Promise.all(Array.from({ length: 12 }, () => signIn("wrong", ATTACKER)));
    expect(new Set(wrong.map(({ status }) => status))).toEqual(new Set([401, 429]));
    expect((await signIn(PASSWORD, "203.0.113.10")).status).toBe(200);
  });

  test("a caller who writes the header itself is counted by the address that the proxy saw", async () => {
    const signIn = (forged: string) =>
      tenants.call(
        "POST /api/v1/session",
        { "x-forwarded-for": `${forged}, 198.51.100.77` },
        { email: "someone@example.com", password: "wrong" },
      );
    const tries = await Promise.all(Array.from({ length: 12 }, (_, count) => signIn(`10.1.1.${count}`)));
    expect(tries.map(({ status }) => status)).toContain(429);
  });

  test("a flood of random API keys does not delay keys that are right, from any address", async () => {
    const keys = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const { answer } = await tenants.call("POST /api/v1/api-keys", owner, { name: `app ${index}` });
        return answer.key as string;
      }),
    );
    const list = (key: string, address: string) =>
      tenants.call("GET /api/v1/projects", { authorization: `Bearer ${key}`, ...from(address) });
    const flood = Array.from({ length: 300 }, (_, index) => list(`tr_random-key-number-${index}`, ATTACKER));
    const right = keys.map((key, index) => list(key, index % 2 === 0 ? ATTACKER : "203.0.113.10"));
    expect((await Promise.all(right)).map(({ status }) => status)).toEqual(Array(8).fill(200));
    const wrong = (await Promise.all(flood)).map(({ status }) => status);
    expect(new Set(wrong)).toEqual(new Set([401, 429]));
  });

  test("the metrics need a key, also through a proxy on this machine that adds no header", async () => {
    const bare = createServer((incoming, outgoing) => {
      const { authorization } = incoming.headers;
      const headers = { ...(authorization && { authorization }) };
      request(`${tenants.url}${incoming.url}`, { headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 0);
        answer.pipe(outgoing);
      }).end();
    });
    await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve));
    const { port } = bare.address() as AddressInfo;
    const read = (headers: Readonly<Record<string, string>>) =>
      fetch(`http://127.0.0.1:${port}/metrics`, { headers }).then(({ status }) => status);
    expect(await read({})).toBe(401);
    expect(await read(tenants.key)).toBe(200);
    expect((await fetch(`${tenants.url}/metrics`)).status).toBe(401);
    bare.closeAllConnections();
    bare.close();
  });

  test("public feedback is limited for each end user, and one of them does not use up the others' share", async () => {
    const world = await openTestFeedback();
    const server = await startHttp({ mounted: [feedbackRoutes(world.feedback)], trustedProxies: [PROXY] });
    const scope = await world.newScope();
    const span = makeSpan();
    await world.keep(scope, [span]);
    const target = { traceId: span.traceId, spanId: span.spanId };
    const tokenOf = async (userId: string) =>
      (await world.feedback.createToken(scope, { target, names: [], userId, expiresInSeconds: 600, perMinute: 20 }))
        .token;
    const give = (token: string, address: string) =>
      server
        .post("/api/v1/public/feedback", JSON.stringify({ token, name: "helpful", value: true }), from(address))
        .then(({ status }) => status);

    const flood = await Promise.all(Array.from({ length: 650 }, () => give("fbt_no", ATTACKER)));
    expect(flood.filter((status) => status === 429).length).toBeGreaterThanOrEqual(40);
    const ada = await tokenOf("ada");
    expect(await give(ada, ATTACKER)).toBe(429);
    expect(await give(ada, "203.0.113.10")).toBe(201);

    const statuses: number[] = [];
    for (let round = 0; round < 5; round++) {
      const token = await tokenOf("bob");
      for (let count = 0; count < 15; count++) statuses.push(await give(token, `203.0.113.${20 + round}`));
    }
    expect(statuses.slice(0, 60)).not.toContain(429);
    expect(statuses.slice(62)).toContain(429);
    expect(await give(await tokenOf("eve"), "203.0.113.20")).toBe(201);
    await server.close();
    await world.close();
  });
});

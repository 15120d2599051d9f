import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY_MS } from "../../../../kernel/day.ts";
import { createProjects } from "../service.ts";
import { type OpenProjects, openProjects } from "../testing/open-projects.ts";

let world: OpenProjects;
beforeAll(async () => {
  world = await openProjects();
});
afterAll(() => world.close());

const from = (cookie: string) => ({ cookie, remoteAddress: "10.0.0.1" });

describe("a session", () => {
  test("lives in a cookie that scripts and other sites cannot use, and only over https where there is https", async () => {
    const { projects, db, audit, clock } = world;
    const { cookie } = await projects.sessions.signIn({ token: (await projects.newSignInToken()) ?? "" }, "a");
    expect(cookie).toMatch(/^treadle_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/);
    const secure = createProjects({ db, audit, clock, isHttps: true });
    const token = (await secure.newSignInToken()) ?? "";
    expect((await secure.sessions.signIn({ token }, "a")).cookie).toMatch(/; Secure$/);
  });

  test("acts in the first project unless a header names another the person is in", async () => {
    const { projects, owner, scopeOf, seeded } = world;
    const sample = await projects.createSampleProject();
    const chosen = await projects.sessions.signIn({ token: (await projects.newSignInToken()) ?? "" }, "a");
    const cookie = chosen.cookie.split(";", 1)[0] ?? "";
    expect(chosen.session.projects.map(({ projectId, isSample }) => [projectId, isSample])).toEqual([
      [seeded.projectId, false],
      [sample?.projectId, true],
    ]);
    expect((await scopeOf({ cookie })).projectId).toBe(seeded.projectId);
    expect((await scopeOf({ cookie, "x-treadle-project": sample?.projectId })).projectId).toBe(sample?.projectId);
    await expect(scopeOf({ cookie, "x-treadle-project": "project_other" })).rejects.toMatchObject({
      code: "not_found",
    });
    expect((await projects.list(owner.scope)).items).toHaveLength(2);
  });

  test("ends immediately at sign-out", async () => {
    const { projects, enter } = world;
    const { cookie, scope } = await enter((await projects.newSignInToken()) ?? "");
    expect((await projects.sessions.signOut(scope, cookie)).cookie).toContain("Max-Age=0");
    expect(await projects.authenticate({ cookie }, "a")).toBeNull();
  });

  test("ends after thirty days without a visit, and a visit renews it", async () => {
    const { projects, enter, clock } = world;
    const { cookie } = await enter((await projects.newSignInToken()) ?? "");
    clock.move(20 * DAY_MS);
    expect(await projects.authenticate({ cookie }, "a")).not.toBeNull();
    clock.move(20 * DAY_MS);
    expect(await projects.authenticate({ cookie }, "a")).not.toBeNull();
    clock.move(31 * DAY_MS);
    expect(await projects.authenticate({ cookie }, "a")).toBeNull();
  });

  test("is nothing an API key has", async () => {
    const { projects, seeded, scopeOf } = world;
    const scope = await scopeOf({ authorization: `Bearer ${seeded.apiKey}` });
    await expect(projects.sessions.get(scope, undefined)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("a sign-in token", () => {
  test("works once, also for two who try at the same moment", async () => {
    const { projects } = world;
    const token = (await projects.newSignInToken()) ?? "";
    const tries = await Promise.allSettled([1, 2, 3].map(() => projects.sessions.signIn({ token }, "a")));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("does not work after a day, nor once a newer one was made", async () => {
    const { projects, clock } = world;
    const old = (await projects.newSignInToken()) ?? "";
    const newer = (await projects.newSignInToken()) ?? "";
    await expect(projects.sessions.signIn({ token: old }, "a")).rejects.toMatchObject({ code: "unauthorized" });
    clock.move(DAY_MS + 1);
    await expect(projects.sessions.signIn({ token: newer }, "a")).rejects.toMatchObject({ code: "unauthorized" });
  });
});

describe("a password", () => {
  test("signs in, is asked for before it is changed, and its change ends the other sessions", async () => {
    const { projects, join } = world;
    const { cookie, scope } = await join("pat@example.com", "member");
    const account = await projects.account.update(scope, { password: "first password" }, from(cookie));
    expect(account).toMatchObject({ email: "pat@example.com", hasPassword: true });
    expect(JSON.stringify(account)).not.toContain("scrypt");
    const other = await projects.sessions.signIn({ email: "PAT@example.com", password: "first password" }, "b");
    const otherCookie = other.cookie.split(";", 1)[0] ?? "";
    await expect(projects.account.update(scope, { password: "second password" }, from(cookie))).rejects.toMatchObject({
      code: "invalid_request",
    });
    const wrong = { password: "second password", currentPassword: "wrong" };
    await expect(projects.account.update(scope, wrong, from(cookie))).rejects.toMatchObject({ code: "forbidden" });
    await projects.account.update(scope, { ...wrong, currentPassword: "first password" }, from(cookie));
    expect(await projects.authenticate({ cookie: otherCookie }, "b")).toBeNull();
    expect(await projects.authenticate({ cookie }, "a")).not.toBeNull();
  });

  test("is rejected with the same message for a wrong password and an unknown account", async () => {
    const { projects } = world;
    const signIn = (email: string) =>
      projects.sessions.signIn({ email, password: "no" }, "c").catch((error) => error.message);
    expect(await signIn("pat@example.com")).toBe(await signIn("nobody@example.com"));
  });

  test("guessed five times delays sign-ins from that address for that email only", async () => {
    const { projects, clock } = world;
    const signIn = async (password: string, address: string, email = "pat@example.com") =>
      projects.sessions.signIn({ email, password }, address).then(
        () => "in",
        (error) => error.code,
      );
    for (let count = 0; count < 5; count++) expect(await signIn("wrong", "d")).toBe("unauthorized");
    expect(await signIn("second password", "d")).toBe("rate_limited");
    expect(await signIn("second password", "e")).toBe("in");
    expect(await signIn("wrong", "d", "other@example.com")).toBe("unauthorized");
    clock.move(2_000);
    expect(await signIn("second password", "d")).toBe("in");
    expect(await signIn("wrong", "d")).toBe("unauthorized");
  });

  test("an address has 30 attempts per minute, for any emails, and other addresses are not affected", async () => {
    const { projects, clock } = world;
    const signIn = (address: string) =>
      projects.sessions.signIn({ token: "x".repeat(43) }, address).catch((error) => error.code);
    for (let count = 0; count < 30; count++) expect(await signIn("f")).toBe("unauthorized");
    expect(await signIn("f")).toBe("rate_limited");
    expect(await signIn("g")).toBe("unauthorized");
    clock.move(2_000);
    expect(await signIn("f")).toBe("unauthorized");
  });

  test("an email that another account has is refused", async () => {
    const { projects, join } = world;
    const { scope, cookie } = await join("kim@example.com", "viewer");
    await expect(projects.account.update(scope, { email: "Pat@example.com" }, from(cookie))).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await projects.account.update(scope, { name: "Kim" }, from(cookie))).name).toBe("Kim");
  });
});

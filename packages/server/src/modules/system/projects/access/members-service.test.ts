import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenProjects, openProjects } from "../testing/open-projects.ts";

let world: OpenProjects;
beforeAll(async () => {
  world = await openProjects();
});
afterAll(() => world.close());

const forbidden = { code: "forbidden" };

describe("invitations", () => {
  test("a new person signs in once with the link and has the role", async () => {
    const { projects, owner, enter } = world;
    const { signInPath } = await projects.members.invite(owner.scope, { email: "New@Example.com", role: "viewer" });
    const token = signInPath.split("=")[1] ?? "";
    const { scope } = await enter(token);
    expect(scope.permissions.has("traces:read")).toBe(true);
    expect(scope.permissions.has("traces:write")).toBe(false);
    await expect(projects.sessions.signIn({ token }, "a")).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("the same email, in whatever case, is a member only once", async () => {
    const { projects, owner } = world;
    await expect(
      projects.members.invite(owner.scope, { email: "new@example.COM", role: "owner" }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("an existing account gets no sign-in link", async () => {
    const { projects, owner, join } = world;
    const { userId } = await join("seen@example.com", "member");
    await projects.members.remove(owner.scope, userId);
    const again = await projects.members.invite(owner.scope, { email: "seen@example.com", role: "member" });
    expect(again.signInPath).toBe("/sign-in");
  });
});

describe("roles", () => {
  test("an admin cannot raise themselves, nor make, change or remove an owner", async () => {
    const { projects, owner, join } = world;
    const admin = await join("admin@example.com", "admin");
    await expect(projects.members.updateRole(admin.scope, admin.userId, "owner")).rejects.toMatchObject(forbidden);
    await expect(
      projects.members.invite(admin.scope, { email: "friend@example.com", role: "owner" }),
    ).rejects.toMatchObject(forbidden);
    const ownerId = owner.scope.userId ?? "";
    await expect(projects.members.updateRole(admin.scope, ownerId, "viewer")).rejects.toMatchObject(forbidden);
    await expect(projects.members.remove(admin.scope, ownerId)).rejects.toMatchObject(forbidden);
    const members = (await projects.members.list(owner.scope, { limit: 50 })).items;
    expect(members.map(({ email }) => email)).not.toContain("friend@example.com");
    expect(members.find(({ userId }) => userId === admin.userId)?.role).toBe("admin");
  });

  test("a key cannot make an owner whatever its rights, nor a role that can do more than the key", async () => {
    const { projects, owner, scopeOf } = world;
    const full = await projects.keys.create(owner.scope, { name: "full" });
    const few = await projects.keys.create(owner.scope, {
      name: "few",
      permissions: ["members:write", "members:read"],
    });
    const invite = async (key: string, role: "owner" | "viewer") =>
      projects.members.invite(await scopeOf({ authorization: `Bearer ${key}` }), {
        email: `${role}@key.example`,
        role,
      });
    await expect(invite(full.key, "owner")).rejects.toMatchObject(forbidden);
    await expect(invite(few.key, "viewer")).rejects.toMatchObject(forbidden);
  });

  test("a role that was taken away is gone at the next request", async () => {
    const { projects, owner, join, scopeOf } = world;
    const { userId, cookie } = await join("down@example.com", "admin");
    expect((await scopeOf({ cookie })).permissions.has("keys:write")).toBe(true);
    await projects.members.updateRole(owner.scope, userId, "viewer");
    expect((await scopeOf({ cookie })).permissions.has("keys:write")).toBe(false);
    await projects.members.remove(owner.scope, userId);
    expect((await scopeOf({ cookie })).permissions.size).toBe(0);
  });

  test("the last owner stays", async () => {
    const { projects, owner, join } = world;
    const ownerId = owner.scope.userId ?? "";
    await expect(projects.members.remove(owner.scope, ownerId)).rejects.toMatchObject({ code: "conflict" });
    await expect(projects.members.updateRole(owner.scope, ownerId, "admin")).rejects.toMatchObject({
      code: "conflict",
    });
    const second = await join("second@example.com", "owner");
    await projects.members.updateRole(second.scope, ownerId, "admin");
    await expect(projects.members.remove(second.scope, second.userId)).rejects.toMatchObject({ code: "conflict" });
    await projects.members.updateRole(second.scope, ownerId, "owner");
    await projects.members.remove(owner.scope, second.userId);
  });

  test("a member of another project is not found", async () => {
    const { projects, owner } = world;
    const stranger = { ...owner.scope, projectId: "project_other" };
    await expect(projects.members.remove(stranger, owner.scope.userId ?? "")).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

test("every change of a member is in the audit", async () => {
  const { audit, owner } = world;
  const actions = (await audit.list(owner.scope, { limit: 200 })).items.map(({ action }) => action);
  expect(actions).toEqual(
    expect.arrayContaining(["member.invite", "member.update", "member.remove", "session.create"]),
  );
});

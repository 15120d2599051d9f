import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PERMISSIONS } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../../platform/columnar/testing/open-test-columnar.ts";
import { judgementOf } from "../../../../platform/http/traffic/credentials.ts";
import { type JobsAdapter, openJobs } from "../../../../platform/jobs/open.ts";
import { openFolderObjects } from "../../../../platform/objects/folder.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import { isProjectPaused } from "../stores/project-store.ts";
import { type OpenProjects, openProjects } from "../testing/open-projects.ts";
import { createLifecycle, type Lifecycle } from "./lifecycle-service.ts";
import { registerPurge } from "./purge-project.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };
let opened: OpenProjects;
let lifecycle: Lifecycle;
let columnar: Columnar;
let objects: Objects;
let jobs: JobsAdapter;
let folder = "";
let owner: Awaited<ReturnType<OpenProjects["enter"]>>;
let firstId = "";
const ended: string[] = [];
/** Added to the time that the lifecycle sees. */
let aheadMs = 0;
const clock = { now: () => Date.now() + aheadMs, elapsed: () => performance.now() };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-projects-"));
  opened = await openProjects();
  const { db, audit, projects } = opened;
  columnar = await openTestColumnar();
  objects = await openFolderObjects(join(folder, "objects"));
  jobs = openJobs({ db, log, isAlone: true, isPaused: isProjectPaused });
  const emptyFolders = async ({ projectId }: { projectId: string }) => void ended.push(`empty ${projectId}`);
  registerPurge({ db, columnar, objects, jobs, audit, clock, emptyFolders });
  lifecycle = createLifecycle({
    db,
    audit,
    clock,
    jobs,
    authentication: projects.authentication,
    graceDays: 7,
    endWork: async ({ projectId }) => void ended.push(`end ${projectId}`),
  });
  jobs.start();
  owner = opened.owner;
  firstId = opened.seeded.projectId;
});
afterAll(async () => {
  await jobs.close();
  await columnar.close();
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});

const scopeIn = (projectId: string) => opened.scopeOf({ cookie: owner.cookie, "x-treadle-project": projectId });
/** A project with the owner's scope in it and a key with every right that one can have there. */
async function make(name: string) {
  const { projectId: id } = await lifecycle.create(owner.scope, name);
  const scope = await scopeIn(id);
  const { key } = await opened.projects.keys.create(scope, { name: "all" });
  return { id, scope, byKey: () => opened.scopeOf({ authorization: `Bearer ${key}` }) };
}
const actionsIn = async (projectId: string) =>
  (await opened.audit.list({ ...owner.scope, projectId }, { limit: 20 })).items.map(({ action }) => action);

describe("a new project", () => {
  test("belongs to its creator and is usable immediately, with an entry in its audit log", async () => {
    const { id, scope } = await make("Second");
    expect(scope.permissions.has("gateway:use")).toBe(true);
    expect((await opened.projects.members.list(scope, { limit: 10 })).items).toMatchObject([{ role: "owner" }]);
    expect(await actionsIn(id)).toEqual(["api-key.create", "project.create"]);
  });

  test("that an API key makes belongs to the owners of the key's project", async () => {
    const { key } = await opened.projects.keys.create(owner.scope, { name: "cli", permissions: ["projects:manage"] });
    const { projectId: id } = await lifecycle.create(
      await opened.scopeOf({ authorization: `Bearer ${key}` }),
      "By a key",
    );
    expect((await scopeIn(id)).permissions.has("members:write")).toBe(true);
  });

  test("gives its owners and keys no server permission, and does not change the server's administrators", async () => {
    const { id, scope, byKey } = await make("Tenant");
    const { signInPath } = await opened.projects.members.invite(scope, { email: "tenant@example.com", role: "owner" });
    const tenant = await opened.enter(signInPath.split("=")[1] ?? "");
    for (const permission of ["projects:manage", "local-models:write", "system:read", "system:write"] as const) {
      expect([permission, tenant.scope.permissions.has(permission)]).toEqual([permission, false]);
      expect([permission, (await byKey()).permissions.has(permission)]).toEqual([permission, false]);
      expect([permission, scope.permissions.has(permission)]).toEqual([permission, true]);
      const input = { name: "more", permissions: [permission] };
      await expect(opened.projects.keys.create(scope, input)).rejects.toThrow(
        "Only keys of the server's first project",
      );
    }
    expect(tenant.scope.permissions.size).toBe(PERMISSIONS.length - 4);
    expect((await lifecycle.list(tenant.scope)).items.map((project) => project.projectId)).toEqual([id]);
    expect((await lifecycle.list(owner.scope)).items.length).toBeGreaterThan(1);
    await expect(lifecycle.rename(tenant.scope, firstId, "Mine")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("an archived project", () => {
  test("can be read and refuses changes and gateway calls in words, for people and keys, until it is restored", async () => {
    const { id, byKey } = await make("Old");
    await byKey();
    expect(await lifecycle.archive(owner.scope, id)).toMatchObject({ state: "archived" });
    for (const scope of [await byKey(), await scopeIn(id)]) {
      expect(judgementOf(scope, "traces:read")).toBeNull();
      for (const permission of [
        "gateway:use",
        "traces:write",
        "datasets:write",
        "keys:write",
        "members:write",
      ] as const)
        expect(judgementOf(scope, permission)).toMatchObject({
          code: "forbidden",
          message: expect.stringContaining("This project is archived"),
          details: { permission, code: "project_archived" },
        });
    }
    expect(await opened.projects.isActive(id)).toBe(false);
    await expect(lifecycle.archive(owner.scope, id)).rejects.toThrow("is archived. Only an active project");
    expect(await lifecycle.restore(await byKey(), id)).toMatchObject({ state: "active", archivedAt: null });
    expect(judgementOf(await byKey(), "gateway:use")).toBeNull();
    expect(await actionsIn(id)).toEqual(expect.arrayContaining(["project.archive", "project.restore"]));
  });
});

describe("a deleted project", () => {
  test("requires its name, and closes its keys and pages immediately", async () => {
    const { id, byKey } = await make("Gone");
    await byKey();
    await expect(lifecycle.delete(owner.scope, id, "gone")).rejects.toMatchObject({ code: "invalid_request" });
    const deleted = await lifecycle.delete(owner.scope, id, "Gone");
    expect(Date.parse(deleted.purgeAt ?? "") - Date.parse(deleted.deletedAt ?? "")).toBe(7 * DAY_MS);
    await expect(byKey()).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining("This project is deleted"),
    });
    expect(judgementOf(await scopeIn(id), "traces:read")).toMatchObject({ details: { code: "project_deleted" } });
    expect(ended).toContain(`end ${id}`);
    await expect(lifecycle.rename(owner.scope, id, "Back")).rejects.toThrow("is deleted");
  });

  test("works again when it is restored in time, and its data stays", async () => {
    const { id, scope, byKey } = await make("Kept");
    await lifecycle.delete(scope, id, "Kept");
    expect(await lifecycle.restore(await scopeIn(id), id)).toMatchObject({ state: "active", purgeAt: null });
    expect(judgementOf(await byKey(), "gateway:use")).toBeNull();
    const purges = await jobs.list({ ...owner.scope, projectId: firstId }, { subject: id, limit: 5 });
    expect(purges.items.map(({ status }) => status)).toEqual(["cancelled"]);
  });

  test("loses its rows, spans and objects after the grace period, and shared objects and other projects keep theirs", async () => {
    const { id } = await make("Removed");
    const { id: other } = await make("Neighbour");
    const [own, shared, inSpan] = await Promise.all(
      ["own", "shared", "in a span"].map(async (text) => (await objects.put(Buffer.from(text))).sha256),
    );
    for (const [projectId, sha256] of [
      [id, own],
      [id, shared],
      [other, shared],
    ])
      await opened.db.execute(sql`INSERT INTO training_files (id, project_id, name, purpose, object, sha256, size_bytes, rows, created_by, created_at)
        VALUES (${`file-${projectId}-${sha256}`}, ${projectId}, 'a', 'fine-tune', ${sha256}, ${sha256}, 1, 1, 'user', now())`);
    const time = Date.now() * 1_000;
    for (const projectId of [id, other])
      await columnar.insert("span_contents", [
        {
          project_id: projectId,
          time,
          trace_id: "t",
          span_id: "s",
          name: "n",
          body: projectId === id ? inSpan : "",
          attributes: "{}",
        },
      ]);
    await lifecycle.delete(owner.scope, id, "Removed");
    aheadMs = 7 * DAY_MS;
    await expect(lifecycle.restore(owner.scope, id)).rejects.toThrow("Its data is being removed");
    await opened.db.execute(sql`UPDATE jobs SET run_at = now() WHERE subject = ${id}`);
    const first = { ...owner.scope, projectId: firstId };
    await expect
      .poll(async () => (await jobs.list(first, { subject: id, limit: 1 })).items[0]?.status, { timeout: 60_000 })
      .toBe("done");
    const count = async (table: string) => {
      const { rows } = await opened.db.execute(
        sql`SELECT count(*)::int AS count FROM ${sql.identifier(table)} WHERE project_id = ${id}`,
      );
      return rows[0]?.count;
    };
    for (const table of ["training_files", "api_keys", "members", "audit_entries"]) expect(await count(table)).toBe(0);
    expect(await opened.projects.isActive(id)).toBe(false);
    const rows = await columnar.select({
      sql: "SELECT DISTINCT project_id FROM span_contents",
      params: {},
      row: z.object({ project_id: z.string() }),
    });
    expect(rows).toEqual([{ project_id: other }]);
    expect(await Promise.all([own, shared, inSpan].map((sha256) => objects.has(sha256 ?? "")))).toEqual([
      false,
      true,
      false,
    ]);
    expect(ended).toContain(`empty ${id}`);
    expect(await actionsIn(firstId)).toContain("project.purge");
    expect(createHash("sha256").update("shared").digest("hex")).toBe(shared);
  });
});

test("the demo project is not made again once it was removed", async () => {
  const sample = await opened.projects.createSampleProject();
  const projectId = sample?.projectId ?? "";
  await lifecycle.delete(owner.scope, projectId, "Demo (sample data)");
  expect(await opened.projects.createSampleProject()).toBeNull();
  await opened.db.execute(sql`UPDATE projects SET purge_at = now() WHERE id = ${projectId}`);
  await opened.db.execute(sql`UPDATE jobs SET run_at = now() WHERE subject = ${projectId}`);
  const isGone = async () =>
    (await lifecycle.list(owner.scope)).items.every((project) => project.projectId !== projectId);
  await expect.poll(isGone, { timeout: 60_000 }).toBe(true);
  expect(await opened.projects.createSampleProject()).toBeNull();
});

test("the first project can be renamed and neither archived nor deleted", async () => {
  await expect(lifecycle.archive(owner.scope, firstId)).rejects.toThrow("is the server's first project");
  await expect(lifecycle.delete(owner.scope, firstId, "My project")).rejects.toThrow("is the server's first project");
  expect(await lifecycle.rename(owner.scope, firstId, "Home")).toMatchObject({ name: "Home", isFirst: true });
});

test("a viewer of a project cannot archive it from a project that they own", async () => {
  const { id, scope } = await make("Watched");
  const other = await make("Theirs");
  const join = async (to: typeof scope, role: "owner" | "viewer") =>
    opened.projects.members.invite(to, { email: "both@example.com", role });
  await join(scope, "viewer");
  await opened.db.execute(sql`UPDATE users SET last_seen_at = NULL WHERE email = 'both@example.com'`);
  const { userId } = await join(other.scope, "owner");
  const both = { ...other.scope, actor: userId, userId, permissions: new Set(["projects:write"] as const) };
  await expect(lifecycle.archive(both, id)).rejects.toMatchObject({ code: "forbidden" });
  expect(await lifecycle.archive(both, other.id)).toMatchObject({ state: "archived" });
});

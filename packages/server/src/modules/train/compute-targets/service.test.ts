import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ComputeTargetInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createLocalLauncher } from "../../../platform/launch/local.ts";
import { createOutbound } from "../../../platform/outbound/open.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { openTestSecrets } from "../../../platform/secrets/testing/open-test-secrets.ts";
import { type ComputeCluster, type ComputeTargets, createComputeTargets } from "./index.ts";

const scope: Scope = { projectId: "proj_1", actor: "user_a", userId: "user_a", permissions: new Set() };
const other: Scope = { ...scope, projectId: "proj_2" };

let store: Awaited<ReturnType<typeof openTestPostgres>>;
let targets: ComputeTargets;
let folder = "";
let busy: string | undefined;
const audited: { action: string; details: unknown }[] = [];
const opened: ComputeCluster[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-compute-"));
  store = await openTestPostgres();
  for (const id of ["proj_1", "proj_2"])
    await store.db.execute(sql`INSERT INTO projects VALUES (${id}, ${id}, false, now())`);
  targets = createComputeTargets({
    db: store.db,
    clock: systemClock,
    secrets: await openTestSecrets({ folder }),
    audit: {
      async record(_scope, { action, details }) {
        audited.push({ action, details });
      },
    },
    outbound: createOutbound({ allow: [], lookup: async () => [{ address: "93.184.216.34", family: 4 }] }),
    clusters: {
      async check({ token }) {
        if (token !== "sesame") throw new AppError("unprocessable", { message: "It rejects the token." });
        return "Ray 2.60.0 answered.";
      },
      open(cluster) {
        opened.push(cluster);
        return createLocalLauncher();
      },
      manifest: () => null,
    },
    findRunOn: async () => busy,
  });
}, 60_000);
beforeEach(async () => {
  await store.db.execute(sql`DELETE FROM compute_targets`);
  audited.length = 0;
  opened.length = 0;
  busy = undefined;
});
afterAll(async () => {
  await store?.close();
  await rm(folder, { recursive: true, force: true });
});

const input = (more: Partial<ComputeTargetInput> = {}): ComputeTargetInput => ({
  name: "far",
  url: "https://ray.example.com:8265/",
  folder: null,
  token: "sesame",
  settings: { kind: "ray", python: "python3", cpus: 1, gpus: 0, memoryGb: null, stopSeconds: 120 },
  ...more,
});

test("a token goes in and never comes out, and is there for the cluster", async () => {
  const made = await targets.create(scope, input());
  expect(made).toMatchObject({ name: "far", url: "https://ray.example.com:8265", hasToken: true });
  expect(JSON.stringify([made, await targets.list(scope), audited])).not.toContain("sesame");
  expect(JSON.stringify((await store.db.execute(sql`SELECT * FROM compute_targets`)).rows)).not.toContain("sesame");
  expect(await targets.test(scope, made.computeTargetId)).toMatchObject({ ok: true, message: "Ray 2.60.0 answered." });
  await targets.open("proj_1", { name: "far", kind: "ray" });
  expect(opened).toMatchObject([{ url: "https://ray.example.com:8265", token: "sesame" }]);
});

test("what is wrong at the cluster is the answer of a test", async () => {
  const { computeTargetId } = await targets.create(scope, input({ token: null }));
  expect(await targets.test(scope, computeTargetId)).toMatchObject({ ok: false, message: "It rejects the token." });
});

test("a token never goes to another host than the one it was given for", async () => {
  const { computeTargetId: id } = await targets.create(scope, input());
  expect(await targets.update(scope, id, { url: "https://ray.example.com:8265/sub" })).toMatchObject({
    hasToken: true,
  });
  expect(await targets.update(scope, id, { url: "https://elsewhere.example.com" })).toMatchObject({ hasToken: false });
  expect(await targets.update(scope, id, { token: "other" })).toMatchObject({ hasToken: true });
  expect(await targets.update(scope, id, { token: null })).toMatchObject({ hasToken: false });
  expect(audited.map(({ action }) => action)).toEqual([
    "compute-target.create",
    ...Array(4).fill("compute-target.update"),
  ]);
});

test("names are unique in a project, and another project's target is not there", async () => {
  const { computeTargetId: id } = await targets.create(scope, input());
  await expect(targets.create(scope, input())).rejects.toMatchObject({ code: "conflict" });
  await targets.create(scope, input({ name: "second" }));
  await expect(targets.update(scope, id, { name: "second" })).rejects.toMatchObject({ code: "conflict" });
  await targets.create(other, input());
  await expect(targets.get(other, id)).rejects.toMatchObject({ code: "not_found" });
  await expect(targets.update(other, id, {})).rejects.toMatchObject({ code: "not_found" });
  await expect(targets.delete(other, id)).rejects.toMatchObject({ code: "not_found" });
  await expect(targets.test(other, id)).rejects.toMatchObject({ code: "not_found" });
});

test("a target with an active run cannot be moved", async () => {
  const { computeTargetId: id } = await targets.create(scope, input());
  busy = "my run";
  const refusal = { code: "conflict", message: expect.stringContaining('"my run"') };
  await expect(targets.delete(scope, id)).rejects.toMatchObject(refusal);
  await expect(targets.update(scope, id, { name: "renamed" })).rejects.toMatchObject(refusal);
  await expect(targets.update(scope, id, { url: "https://elsewhere.example.com" })).rejects.toMatchObject(refusal);
  expect(await targets.update(scope, id, { token: "new" })).toMatchObject({ hasToken: true });
  busy = undefined;
  expect(await targets.delete(scope, id)).toEqual({ ok: true });
  await expect(targets.open("proj_1", { name: "far", kind: "ray" })).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining('no compute target "far"'),
  });
});

test("an address that may not be reached, or that paths cannot be put behind, is refused", async () => {
  await expect(targets.create(scope, input({ url: "http://10.0.0.1:8265" }))).rejects.toMatchObject({
    code: "unprocessable",
  });
  for (const url of ["https://a.example.com/?x=1", "https://u:p@a.example.com"])
    await expect(targets.create(scope, input({ url }))).rejects.toMatchObject({ code: "invalid_request" });
});

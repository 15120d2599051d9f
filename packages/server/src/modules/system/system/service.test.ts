import { expect, test } from "vitest";
import type { Scope } from "../../../kernel/scope.ts";
import { createAdmin } from "./service.ts";

const scope: Scope = { projectId: "p", actor: "user_1", userId: "user_1", permissions: new Set(["system:read"]) };
const refused = () => Promise.reject(Object.assign(new Error("connect to secret-host"), { code: "ECONNREFUSED" }));

type Deps = Parameters<typeof createAdmin>[0];
type Changes = {
  postgres?: Partial<Deps["postgres"]>;
  columnar?: Partial<Deps["columnar"]>;
  inference?: ReturnType<Deps["inference"]["state"]>;
  spoolMessage?: string;
  disk?: { freeBytes: number; totalBytes: number };
};

/** Stores that say they are well, except for what a test changes. `asked` counts the questions to postgres. */
function openAdmin({
  postgres,
  columnar,
  inference = { state: "ok", message: "no model is loaded" },
  spoolMessage = "empty",
  disk = { freeBytes: 5e9, totalBytes: 9e9 },
}: Changes = {}) {
  let now = 0;
  let asked = 0;
  const status: ReturnType<Deps["spool"]["status"]> = {
    state: "ok",
    message: spoolMessage,
    pendingRows: 1,
    pendingBytes: 20,
    capBytes: 300,
    oldestPendingSeconds: 4,
    droppedRows: 0,
    undeliverableRows: 0,
    keptRows: 9,
    keptBytes: 90,
    deliveredRows: 8,
    damagedPlaces: 0,
  };
  const ok = async () => undefined;
  const check = async () => void asked++;
  const deps = {
    postgres: { engine: "PGlite", check, sizeBytes: async () => 100, ...postgres },
    columnar: {
      engine: "chDB",
      isOpen: () => true,
      check: ok,
      damagedParts: async () => [],
      sizeBytes: async () => 200,
      ...columnar,
    },
    objects: { engine: "a folder", has: async () => false, sizeBytes: async () => 0 },
    spool: { status: () => status },
    inference: { state: () => inference },
    dataFolder: { path: "/data", diskSpace: async () => disk },
    clock: { now: () => now, elapsed: () => now },
    version: "1.2.3",
    startedAt: 0,
  } as unknown as Deps;
  const move = (ms: number) => {
    now += ms;
  };
  return { admin: createAdmin(deps), asked: () => asked, move };
}

test("the report says how each store is and how much it holds", async () => {
  const report = await openAdmin().admin.report(scope);
  expect(report).toMatchObject({
    version: "1.2.3",
    startedAt: "1970-01-01T00:00:00.000Z",
    dataFolder: "/data",
    disk: { freeBytes: 5e9, totalBytes: 9e9 },
  });
  expect(report.stores.map(({ name, state, sizeBytes }) => [name, state, sizeBytes])).toEqual([
    ["postgres", "ok", 100],
    ["columnar", "ok", 200],
    ["objects", "ok", 0],
    ["spool", "ok", 20],
    ["inference", "ok", null],
    ["disk", "ok", null],
  ]);
  expect(report.spool).toMatchObject({
    pendingRows: 1,
    pendingBytes: 20,
    capBytes: 300,
    oldestPendingSeconds: 4,
    droppedRows: 0,
    undeliverableRows: 0,
  });
});

test("without its database the server is not ready, and says so without the database's own words", async () => {
  const readiness = await openAdmin({ postgres: { check: refused } }).admin.readiness();
  expect(readiness.isReady).toBe(false);
  expect(readiness.stores[0]).toMatchObject({ state: "down", message: expect.stringContaining("ECONNREFUSED") });
  expect(JSON.stringify(readiness)).not.toContain("secret-host");
});

test("what an engine said in its own words is for those who may read the system", async () => {
  const { admin } = openAdmin({ spoolMessage: "No rows were taken for 3 s. It said: connect to\nsecret-host" });
  expect(JSON.stringify(await admin.readiness())).not.toContain("secret-host");
  expect(JSON.stringify(await admin.report(scope))).toContain("secret-host");
});

test("without the trace store or a local model it is degraded but ready, since calls still work", async () => {
  const { admin } = openAdmin({
    columnar: { check: refused, sizeBytes: refused },
    inference: { state: "down", message: "restarting" },
  });
  const { isReady, stores } = await admin.readiness();
  expect([isReady, stores[1]?.state, stores[4]?.state]).toEqual([true, "degraded", "down"]);
  expect((await admin.report(scope)).stores[1]?.sizeBytes).toBeNull();
});

test("a full disk makes the server not ready, and the state says what to do", async () => {
  const { admin } = openAdmin({ disk: { freeBytes: 0, totalBytes: 400 * 1024 * 1024 } });
  const { isReady, stores } = await admin.readiness();
  expect(isReady).toBe(false);
  expect(stores.at(-1)).toEqual({
    name: "disk",
    state: "full",
    message: expect.stringMatching(/^The disk is full: 0 MiB of 400 MiB are free\..*Free some disk space/),
  });
});

test("a damaged part makes the server not ready, and the state names the part and what to do", async () => {
  const damagedParts = async () => [{ table: "spans", part: "202611_1_4_2", isSetAside: false }];
  const { isReady, stores } = await openAdmin({ columnar: { damagedParts } }).admin.readiness();
  expect(isReady).toBe(false);
  expect(stores[1]).toMatchObject({
    state: "damaged",
    message: expect.stringMatching(/"202611_1_4_2" of the table spans is damaged.*backup/),
  });
});

test("a trace store that opens late leaves the server ready, and the state says so", async () => {
  const { isReady, stores } = await openAdmin({ columnar: { isOpen: () => false } }).admin.readiness();
  expect([isReady, stores[1]?.state]).toEqual([true, "degraded"]);
  expect(stores[1]?.message).toContain("still opening");
});

test("many probes are one question to the stores", async () => {
  const { admin, asked, move } = openAdmin();
  await Promise.all(Array.from({ length: 50 }, () => admin.readiness()));
  expect(asked()).toBe(1);
  move(1_001);
  await admin.readiness();
  expect(asked()).toBe(2);
});

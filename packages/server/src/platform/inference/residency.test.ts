import { beforeEach, expect, test } from "vitest";
import { createResidency, type Residency } from "./residency.ts";

let steps: string[] = [];
let residency: Residency;

function add(id: string, memoryBytes: number, load = async () => {}) {
  residency.add({
    id,
    kind: "chat",
    memoryBytes,
    load: async () => {
      steps.push(`load ${id}`);
      await load();
    },
    unload: async () => {
      steps.push(`unload ${id}`);
    },
  });
}
const states = () => Object.fromEntries(residency.list().map(({ id, state }) => [id, state]));

beforeEach(() => {
  steps = [];
  residency = createResidency({ budgetBytes: 100, onEmpty: () => steps.push("empty") });
});

test("the model that was used longest ago makes room, and one in use does not", async () => {
  for (const id of ["a", "b", "c"]) add(id, 40);
  (await residency.hold("a"))();
  const release = await residency.hold("b");
  (await residency.hold("a"))();
  (await residency.hold("c"))();
  expect(steps).toEqual(["load a", "load b", "unload a", "load c"]);
  expect(states()).toEqual({ a: "ready", b: "loaded", c: "loaded" });
  expect(residency.usedBytes()).toBe(80);
  release();
});

test("while all room is in use, a load waits for a model to become idle", async () => {
  add("a", 60);
  add("b", 60);
  const release = await residency.hold("a");
  const waiting = residency.hold("b");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(steps).toEqual(["load a"]);
  release();
  (await waiting)();
  expect(steps).toEqual(["load a", "unload a", "empty", "load b"]);
});

test("a removed model lets its users finish, accepts no others, and removes its dependents", async () => {
  add("a", 40);
  const over = { kind: "chat" as const, memoryBytes: 10, overId: "a", unload: async () => {} };
  residency.add({ id: "over", ...over, load: async () => {} });
  const [release, late] = [await residency.hold("over"), residency.hold("over")];
  const removed = residency.remove("a");
  await expect(residency.hold("a")).rejects.toMatchObject({ code: "not_found" });
  await expect(residency.hold("over")).rejects.toMatchObject({ code: "not_found" });
  expect(states()).toEqual({ a: "loaded", over: "loaded" });
  release();
  (await late)();
  expect((await removed).toSorted()).toEqual(["a", "over"]);
  expect([residency.list(), residency.usedBytes()]).toEqual([[], 0]);
  expect(steps).toEqual(["load a", "unload a", "empty"]);
});

test("what adapters need of a model is counted with it from then on", async () => {
  add("a", 40);
  add("b", 40);
  (await residency.hold("a"))();
  residency.widen("a", 30);
  expect(residency.usedBytes()).toBe(70);
  (await residency.hold("b"))();
  expect(steps).toEqual(["load a", "unload a", "empty", "load b"]);
});

test("when all room is in use for long, the caller is asked to retry; a model that can never fit is reported", async () => {
  residency = createResidency({ budgetBytes: 100, onEmpty: () => {}, waitMs: 10 });
  for (const [id, bytes] of [
    ["a", 60],
    ["b", 60],
    ["huge", 101],
  ] as const)
    add(id, bytes);
  const release = await residency.hold("a");
  await expect(residency.hold("b")).rejects.toMatchObject({
    code: "overloaded",
    details: { neededBytes: 60, usedBytes: 60, budgetBytes: 100 },
  });
  await expect(residency.hold("huge")).rejects.toMatchObject({
    code: "unprocessable",
    details: { neededBytes: 101, budgetBytes: 100 },
  });
  release();
  (await residency.hold("b"))();
});

test("concurrent callers share one load", async () => {
  add("a", 40, () => new Promise((resolve) => setTimeout(resolve, 5)));
  const releases = await Promise.all([residency.hold("a"), residency.hold("a"), residency.hold("a")]);
  expect(steps).toEqual(["load a"]);
  for (const release of releases) release();
});

test("an unload waits for the model's users; a caller in the meantime gets it loaded again", async () => {
  add("a", 40);
  const release = await residency.hold("a");
  const unloading = residency.unload("a");
  const next = residency.hold("a");
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(steps).toEqual(["load a"]);
  release();
  await unloading;
  (await next)();
  expect(steps).toEqual(["load a", "unload a", "empty", "load a"]);
});

test("a failed load is reported to the caller and shown, and the next caller tries again", async () => {
  let fails = true;
  add("a", 40, async () => {
    if (fails) throw new Error("no such tensor");
  });
  await expect(residency.hold("a")).rejects.toThrow("no such tensor");
  expect(residency.list()).toMatchObject([{ state: "failed", error: "no such tensor" }]);
  expect(residency.usedBytes()).toBe(0);
  fails = false;
  (await residency.hold("a"))();
  expect(states()).toEqual({ a: "loaded" });
});

test("a model that brought the process down while it was loaded is only tried again by hand", async () => {
  let crash = () => {};
  add(
    "a",
    40,
    () =>
      new Promise((_resolve, reject) => {
        crash = () => {
          residency.forgetAll();
          reject(new Error("gone"));
        };
      }),
  );
  const hold = residency.hold("a");
  await new Promise((resolve) => setTimeout(resolve, 1));
  crash();
  await expect(hold).rejects.toThrow("gone");
  await expect(residency.hold("a")).rejects.toMatchObject({ code: "model_failed" });
  expect(steps).toEqual(["load a"]);
  const again = residency.load("a");
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(steps).toEqual(["load a", "load a"]);
  crash();
  await expect(again).rejects.toThrow("gone");
});

test("an unknown model is not found", async () => {
  await expect(residency.hold("nobody")).rejects.toMatchObject({ code: "not_found" });
});

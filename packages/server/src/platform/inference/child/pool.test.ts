import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createPool } from "./pool.ts";

test("results have the order of the items, and a resource is never used twice at the same time", async () => {
  const pool = createPool(["a", "b"]);
  const inUse = new Set<string>();
  const used = new Set<string>();
  const double = async (resource: string, item: number) => {
    expect(inUse.has(resource)).toBe(false);
    inUse.add(resource);
    used.add(resource);
    await delay(5 - item);
    inUse.delete(resource);
    return item * 2;
  };
  await expect(pool.map([1, 2, 3, 4], double)).resolves.toEqual([2, 4, 6, 8]);
  expect([...used].toSorted()).toEqual(["a", "b"]);
  await expect(pool.map([], double)).resolves.toEqual([]);
});

test("a short list is served before the rest of a long list", async () => {
  const pool = createPool([0]);
  const order: string[] = [];
  const note = async (_: number, item: string) => {
    await delay(1);
    order.push(item);
  };
  await Promise.all([pool.map(["long 1", "long 2", "long 3"], note), pool.map(["short"], note)]);
  expect(order.indexOf("short")).toBeLessThan(order.indexOf("long 3"));
});

test("an error stops the list, is thrown, and leaves the resources free", async () => {
  const pool = createPool([1, 2]);
  const started: number[] = [];
  const fail = async (_: number, item: number) => {
    started.push(item);
    await delay(1);
    throw new Error(`item ${item}`);
  };
  await expect(pool.map([1, 2, 3, 4, 5, 6], fail)).rejects.toThrow(/item [12]/);
  expect(started).toEqual([1, 2]);
  await expect(pool.map([7], async (_, item) => item)).resolves.toEqual([7]);
});

import { afterAll, expect, test } from "vitest";
import { createThread } from "./port.ts";
import type { SumOrders } from "./testing/sums-worker.ts";

const open = () =>
  createThread<SumOrders>({ script: new URL("./testing/sums-worker.ts", import.meta.url), name: "sums" });
const thread = open();
afterAll(() => thread.close());

test("each order gets its own answer, however they overtake each other", async () => {
  const slow = thread.ask("wait", 60);
  const fast = thread.ask("wait", 1);
  const first = await Promise.race([slow, fast]);
  expect([first, await slow, await thread.ask("add", [1, 2, 3])]).toEqual(["after 1", "after 60", 6]);
});

test("an order that fails says why, and the next one is answered", async () => {
  await expect(thread.ask("add", [])).rejects.toThrow("There is nothing to add.");
  expect(await thread.ask("add", [2])).toBe(2);
});

test("a thread that dies fails its active call, and is started again by the next call", async () => {
  const outcomes = await Promise.allSettled([thread.ask("wait", 60_000), thread.ask("die", null)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await thread.ask("add", [4, 5])).toBe(9);
});

test("closing rejects what is still being asked for", async () => {
  const other = open();
  const rejected = expect(other.ask("wait", 60_000)).rejects.toThrow('The thread "sums" was stopped.');
  await other.close();
  await rejected;
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { constants, getPriority } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Columnar } from "../columnar/port.ts";
import { openTestColumnar } from "../columnar/testing/open-test-columnar.ts";
import { createThread } from "./port.ts";
import { calmHelpers } from "./priority.ts";
import type { SumOrders } from "./testing/sums-worker.ts";

const isLinux = existsSync("/proc/self/task");
/** As far as possible, if the tests themselves run with a lower priority. */
const by = (niceness: number) => Math.min(niceness, constants.priority.PRIORITY_LOW - getPriority());

/** The `nice` value of each thread, by name. A thread that ends meanwhile is left out. */
function nicenessByName(): Map<string, number> {
  const priorities = new Map<string, number>();
  for (const thread of isLinux ? readdirSync("/proc/self/task") : []) {
    try {
      const name = readFileSync(`/proc/self/task/${thread}/comm`, "utf8").trim();
      priorities.set(name, getPriority(Number(thread)) - getPriority());
    } catch {}
  }
  return priorities;
}

let columnar: Columnar;
beforeAll(async () => {
  columnar = await openTestColumnar();
});
afterAll(() => columnar?.close());

test.runIf(isLinux)(
  "helpers step back for the thread that answers, those that write files less than the others",
  () => {
    const own = getPriority(process.pid);
    expect(calmHelpers()).toBeGreaterThan(0);
    const niceness = nicenessByName();
    expect([niceness.get("V8Worker"), niceness.get("MergeMutate"), niceness.get("libuv-worker")]).toEqual([
      by(10),
      by(15),
      by(5),
    ]);
    expect(getPriority(process.pid)).toBe(own);
    // A second call does not lower the priority further.
    calmHelpers();
    expect(nicenessByName().get("MergeMutate")).toBe(by(15));
  },
);

test.runIf(isLinux)("threads that the engine starts for a question step back as well", async () => {
  const sql = "SELECT count() AS count FROM numbers_mt(3000000) WHERE cityHash64(number) % 7 = 0";
  await columnar.select({ sql, params: {}, row: z.object({ count: z.coerce.number() }) });
  const niceness = nicenessByName();
  const running = [...niceness].filter(([name]) => /^(ThreadPool|Query)/.test(name));
  expect(running.length).toBeGreaterThan(0);
  for (const [, niceness] of running) expect(niceness).toBeGreaterThan(0);
});

test("a thread that computes steps back, and still answers", async () => {
  const thread = createThread<SumOrders>({
    script: new URL("./testing/sums-worker.ts", import.meta.url),
    name: "sums",
  });
  expect(await thread.ask("add", [1, 2])).toBe(3);
  expect(nicenessByName().get("sums")).toBe(isLinux ? by(10) : undefined);
  await thread.close();
});

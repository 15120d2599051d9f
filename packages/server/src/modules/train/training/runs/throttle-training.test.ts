import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chat, type OpenTraining, openTraining, scope } from "../testing/open-training.ts";
import { createTrainingThrottle } from "./throttle-training.ts";

test("training yields to many requests within ten seconds, and has all threads again ten seconds after", () => {
  let at = 0;
  let requests = 1_000;
  const way = createTrainingThrottle({
    clock: { elapsed: () => at },
    requestsSoFar: () => requests,
    most: 8,
    fewest: 7,
  });
  const after = (ms: number, more: number) => {
    at += ms;
    requests += more;
    return way.look();
  };
  expect(way.look()).toBe(8);
  expect(after(400, 49)).toBe(8);
  expect(after(400, 1)).toBe(7);
  expect(after(9_000, 0)).toBe(7);
  expect(after(1_000, 0)).toBe(8);
  // A user who looks at pages.
  for (let second = 0; second < 60; second++) expect(after(1_000, 3)).toBe(8);
});

let open: OpenTraining;
let requests = 0;
beforeAll(async () => {
  open = await openTraining({ set: Array.from({ length: 20 }, (_, place) => chat(place)) });
  await open.reopen({ requestsSoFar: () => requests });
}, 60_000);
afterAll(() => open?.close());

/** The number of threads sent to a run, and the response. */
async function toldThreads(id: string, threads: number): Promise<void> {
  const file = join(open.folder, "training", id, "threads.json");
  for (let tries = 0; tries < 500; tries++) {
    const threadsText = await readFile(file, "utf8").catch(() => "{}");
    if (JSON.parse(threadsText).threads === threads) return;
    await delay(20);
  }
  throw new Error(`the run was not told to go on with ${threads} threads`);
}

test.runIf(availableParallelism() > 1)(
  "a run here is told to leave a core while requests come in, which it says",
  async () => {
    const cores = availableParallelism();
    const { trainingRunId: id } = await open.start({ max_steps: 100_000, save: { every: 100_000 } }, "slow");
    await toldThreads(id, cores);
    requests += 1_000;
    await toldThreads(id, cores - 1);
    const run = await open.until(id, ({ message }) => message.startsWith("Training with "));
    expect(run.message).toMatch(/^Training with \d+ threads? while requests come in$/);
    await open.training.cancel(scope, id);
    await open.ended(id);
  },
  60_000,
);

test("a run with explicit threads is not changed", async () => {
  requests += 1_000;
  const { trainingRunId: id } = await open.start({ threads: 2 });
  requests += 1_000;
  await open.ended(id);
  await expect(readFile(join(open.folder, "training", id, "threads.json"))).rejects.toThrow("ENOENT");
});

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeOrder } from "../testing/make-order.ts";
import type { Question } from "./digest-worker.ts";

const MIB = 1024 * 1024;
let worker: Worker;
beforeEach(() => {
  worker = new Worker(new URL("./digest-worker.ts", import.meta.url));
});
afterEach(() => worker.terminate());

async function ask(id: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  worker.postMessage({ id, mayRest: false, order: makeOrder(bytes) } satisfies Question, [bytes.buffer]);
  const [answer] = await once(worker, "message");
  expect(answer).toMatchObject({ id, refusal: { code: "invalid_request" } });
}

const externalBytes = async () => (await worker.getHeapStatistics()).external_memory;

test("the bytes of requests that were read are not held until the thread collects garbage", async () => {
  await ask(0, new Uint8Array(10).fill(0xff));
  const before = await externalBytes();
  for (let id = 1; id <= 10; id++) await ask(id, new Uint8Array(2 * MIB).fill(0xff));
  expect((await externalBytes()) - before).toBeLessThan(2 * MIB);
});

import { expect, test } from "vitest";
import { createFairQueue } from "./fair-queue.ts";

const forever = new AbortController().signal;

test("turns go round the callers, so that many requests of one do not hold up another's", async () => {
  const queue = createFairQueue({ parallel: 1, maxWaiting: 10 });
  const order: string[] = [];
  const turn = async (caller: string) => {
    const leave = await queue.enter(caller, forever);
    order.push(caller);
    await Promise.resolve();
    leave();
  };
  await Promise.all([turn("a"), turn("a"), turn("a"), turn("a"), turn("b"), turn("c"), turn("b")]);
  expect(order).toEqual(["a", "a", "b", "c", "a", "b", "a"]);
});

test("runs at most the allowed number at once", async () => {
  const queue = createFairQueue({ parallel: 3, maxWaiting: 100 });
  let running = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, async (_item, index) => {
      const leave = await queue.enter(`caller ${index % 4}`, forever);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      leave();
    }),
  );
  expect(most).toBe(3);
});

test("when too many wait, the next is rejected with the numbers and the time to retry", async () => {
  const queue = createFairQueue({ parallel: 1, maxWaiting: 1 });
  const leave = await queue.enter("a", forever);
  const waiting = queue.enter("b", forever);
  await expect(queue.enter("c", forever)).rejects.toMatchObject({
    code: "overloaded",
    details: { running: 1, waiting: 1 },
    retryAfterSeconds: expect.any(Number),
  });
  leave();
  (await waiting)();
  (await queue.enter("c", forever))();
});

test("who gives up while waiting gives the place away", async () => {
  const queue = createFairQueue({ parallel: 1, maxWaiting: 1 });
  const leave = await queue.enter("a", forever);
  const impatient = new AbortController();
  const given = queue.enter("b", impatient.signal);
  impatient.abort();
  await expect(given).rejects.toMatchObject({ code: "cancelled" });
  const next = queue.enter("c", forever);
  leave();
  (await next)();
});

test("a turn that is ended twice frees one place only", async () => {
  const queue = createFairQueue({ parallel: 1, maxWaiting: 5 });
  const leave = await queue.enter("a", forever);
  leave();
  leave();
  await queue.enter("b", forever);
  let hasStarted = false;
  void queue.enter("c", forever).then(() => {
    hasStarted = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(hasStarted).toBe(false);
});

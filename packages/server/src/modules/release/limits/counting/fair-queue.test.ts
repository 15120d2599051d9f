import { expect, test } from "vitest";
import { createFairQueue, type Queued } from "./fair-queue.ts";

type Entry = Queued & { readonly name: string };

const entryOf = (actor: string, place: number, cost = 1): Entry => ({
  name: `${actor}${place}`,
  actor,
  cost,
  arrivedAt: place,
});

function serve(queue: ReturnType<typeof createFairQueue<Entry>>, most: number): Entry[] {
  const served: Entry[] = [];
  for (let entry = queue.next(); entry && served.length < most; entry = queue.next()) {
    queue.serve(entry);
    served.push(entry);
  }
  return served;
}
const sumOf = (entries: readonly Entry[], actor: string) =>
  entries.filter((entry) => entry.actor === actor).reduce((sum, { cost }) => sum + cost, 0);

/** A repeatable sequence of numbers between 0 and 1. */
function createRandom(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

test("an actor with one entry is served within a round of an actor with 100", () => {
  const queue = createFairQueue<Entry>();
  for (let place = 0; place < 100; place++) queue.add(entryOf("busy", place));
  serve(queue, 10);
  queue.add(entryOf("calm", 100));
  expect(serve(queue, 3).map(({ actor }) => actor)).toContain("calm");
  expect(queue.size()).toBe(88);
});

test("entries of one actor are served in the order of their arrival", () => {
  const queue = createFairQueue<Entry>();
  for (const place of [3, 1, 2, 0]) queue.add(entryOf("a", place));
  expect(serve(queue, 4).map(({ name }) => name)).toEqual(["a0", "a1", "a2", "a3"]);
  expect(queue.next()).toBeNull();
});

test("actors get equal shares of the amount, whatever the size of their entries", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = createRandom(seed);
    const queue = createFairQueue<Entry>();
    const largest = { a: 10, b: 1_000, c: 1_000 };
    for (const [actor, most] of Object.entries(largest))
      for (let place = 0; place < 10_000; place++) queue.add(entryOf(actor, place, 1 + Math.floor(random() * most)));
    const served = serve(queue, 6_000);
    const sums = Object.keys(largest).map((actor) => sumOf(served, actor));
    // Deficit round robin lets two actors differ by less than two turns and one entry.
    expect(Math.max(...sums) - Math.min(...sums)).toBeLessThan(3 * 1_000);
  }
});

test("the turn stays with an entry until it is served, and passes on when it leaves", () => {
  const queue = createFairQueue<Entry>();
  const [first, second] = [entryOf("a", 0), entryOf("b", 1)];
  queue.add(first);
  queue.add(second);
  expect([queue.next(), queue.next()]).toEqual([first, first]);
  expect([queue.remove(first), queue.remove(first)]).toEqual([true, false]);
  expect(queue.next()).toBe(second);
  queue.serve(second);
  expect([queue.next(), queue.size()]).toEqual([null, 0]);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { limitOf } from "../testing/open-test-limiter.ts";
import { type Asked, openTestQueue } from "../testing/open-test-queue.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const BUSY = { measure: "concurrency", window: null, amount: 1, queueSeconds: 60 } as const;
const RATE = { measure: "requests", window: "minute", amount: 60, burst: 1, queueSeconds: 30 } as const;

type World = ReturnType<typeof openTestQueue>;
const many = (world: World, calls: number, actor: string): Asked[] =>
  Array.from({ length: calls }, () => world.ask({ actor }));
const statesOf = (calls: readonly Asked[]) => calls.map(({ state }) => state);
const actorsOf = ({ passed }: World) => passed.map(({ actor }) => actor).join(" ");

/** Ends each call as soon as it has passed, until none is left. */
async function drain(world: World, first = 0): Promise<void> {
  for (let place = first; place < world.passed.length; place++) await world.end(world.passed[place]);
}

test("calls above the limit wait, and pass one after another when a call ends", async () => {
  const world = openTestQueue(BUSY);
  const calls = many(world, 5, "key_1");
  expect(statesOf(calls)).toEqual(["passed", "waiting", "waiting", "waiting", "waiting"]);
  expect(world.counter()).toMatchObject({ open: 1, waiting: 4 });
  await drain(world);
  expect(world.passed).toEqual(calls);
  expect(world.counter()).toMatchObject({ open: 0, waiting: 0 });
});

test("a key with one call is served within a round of a key with 100", async () => {
  const world = openTestQueue(BUSY);
  const [running] = many(world, 101, "key_busy");
  world.ask({ actor: "key_calm" });
  await world.end(running);
  await world.end(world.passed[1]);
  expect(actorsOf(world)).toBe("key_busy key_busy key_calm");
  await drain(world, 2);
  expect(world.passed).toHaveLength(102);
});

test("two keys get equal shares over time, although one sends four times as much", async () => {
  const world = openTestQueue(RATE);
  for (let second = 0; second < 25; second++) {
    many(world, 4, "key_busy");
    many(world, 1, "key_calm");
    await world.pass(1_000);
  }
  const calm = world.passed.filter(({ actor }) => actor === "key_calm").length;
  expect(world.passed).toHaveLength(26);
  expect(calm).toBeGreaterThanOrEqual(12);
  await world.pass(60_000);
});

test("tokens are shared by amount: a key with large calls gets fewer of them", async () => {
  const world = openTestQueue({ measure: "tokens", amount: 60_000, burst: 1_000, queueSeconds: 60 });
  world.ask({ inputTokens: 1_000, maxOutputTokens: 0 });
  for (let call = 0; call < 60; call++) {
    world.ask({ actor: "key_large", inputTokens: 1_000, maxOutputTokens: 0 });
    for (let small = 0; small < 5; small++) world.ask({ actor: "key_small", inputTokens: 200, maxOutputTokens: 0 });
  }
  await world.pass(20_000);
  const calls = (actor: string) => world.passed.filter((asked) => asked.actor === actor).length;
  expect([calls("key_large"), calls("key_small")]).toEqual([10, 50]);
  await world.pass(60_000);
});

test("a new call does not overtake calls that wait, even if enough is left for it", async () => {
  const world = openTestQueue({ measure: "tokens", amount: 6_000, queueSeconds: 30 });
  world.ask({ inputTokens: 5_000, maxOutputTokens: 0 });
  const large = world.ask({ inputTokens: 2_000, maxOutputTokens: 0 });
  const small = world.ask({ actor: "key_2", inputTokens: 10, maxOutputTokens: 0 });
  expect(statesOf([large, small])).toEqual(["waiting", "waiting"]);
  expect(() => world.reserve({ inputTokens: 10, maxOutputTokens: 0 })).toThrow('The limit "First" is reached');
  await world.pass(10_000);
  expect(world.passed.slice(1)).toEqual([large]);
  await world.pass(1_000);
  expect(small.state).toBe("passed");
});

test("a call whose time is over is refused with the time until it may try again, and is charged nothing", async () => {
  const world = openTestQueue({ ...BUSY, queueSeconds: 10 }, { measure: "requests", window: "day", amount: 10 });
  const [running, late] = many(world, 2, "key_1");
  await world.pass(9_900);
  expect(late?.state).toBe("waiting");
  await world.pass(200);
  expect(late?.error).toMatchObject({ code: "rate_limited", retryAfterSeconds: 1 });
  expect(late?.error?.message).toMatch(/It waited 10\.0 s\.$/);
  await world.end(running);
  expect(world.counter(2)).toMatchObject({ used: 1, reserved: 0 });
});

test("a call does not start to wait if its time would be over before its turn", async () => {
  const world = openTestQueue({ ...RATE, queueSeconds: 1, amount: 6 });
  expect(statesOf(many(world, 2, "key_1"))).toEqual(["passed", "refused"]);
  const larger = openTestQueue({ measure: "tokens", amount: 1_000, burst: 100, queueSeconds: 60 });
  expect(larger.ask().error?.code).toBe("unprocessable");
});

test("earlier attempts of the same call count as waiting", async () => {
  const world = openTestQueue({ ...BUSY, queueSeconds: 10 });
  world.ask();
  const retried = world.ask({}, { waitedMs: 9_000 });
  await world.pass(1_100);
  expect(retried.state).toBe("refused");
});

test("a caller that disconnects leaves the queue and is charged nothing", async () => {
  const world = openTestQueue(BUSY, { measure: "requests", window: "day", amount: 10 });
  const [running, leaving, next] = many(world, 3, "key_1");
  leaving?.leaving.abort();
  await world.end(running);
  expect([leaving?.error?.code, next?.state]).toEqual(["cancelled", "passed"]);
  expect(world.counter(2)).toMatchObject({ used: 1, reserved: 1 });
  await world.end(next);
});

test("the next call is tried when the first one in the queue leaves", async () => {
  const world = openTestQueue({ measure: "tokens", amount: 6_000, queueSeconds: 60 });
  world.ask({ inputTokens: 5_000, maxOutputTokens: 0 });
  const large = world.ask({ inputTokens: 6_000, maxOutputTokens: 0 });
  const small = world.ask({ inputTokens: 100, maxOutputTokens: 0 });
  large.leaving.abort();
  await world.pass(0);
  expect(small.state).toBe("passed");
});

test("a server that stops rejects the calls that wait, and lets no other wait", async () => {
  const world = openTestQueue(BUSY);
  const [running, ...waiting] = many(world, 3, "key_1");
  world.limiter.stopWaiting();
  await world.pass(0);
  expect(waiting.map(({ error }) => error?.code)).toEqual(["unavailable", "unavailable"]);
  expect(world.ask().error?.code).toBe("rate_limited");
  expect(running?.state).toBe("passed");
});

test("at most 1,000 calls wait for a limit", async () => {
  const world = openTestQueue(BUSY);
  many(world, 1_001, "key_1");
  const refused = world.ask({ actor: "key_2" });
  expect(refused.error?.message).toContain("Too many other calls wait for it.");
  expect(world.counter()?.waiting).toBe(1_000);
  world.limiter.stopWaiting();
});

test("a call that waits holds nothing of its other limits, and is refused if one without a queue refuses", async () => {
  const world = openTestQueue(BUSY, { name: "Daily", measure: "requests", window: "day", amount: 2 });
  const [running, waiting] = many(world, 2, "key_1");
  expect(world.counter(2)).toMatchObject({ reserved: 1 });
  world.limiter.put(limitOf({ limitId: "lim_2", name: "Daily", window: "day", amount: 1 }));
  expect(world.ask().error?.code).toBe("quota_exceeded");
  await world.end(running);
  expect(waiting?.error).toMatchObject({ code: "quota_exceeded", details: { limit: "Daily" } });
  expect(world.counter(2)).toMatchObject({ used: 1, reserved: 0 });
  expect(world.counter(1)).toMatchObject({ open: 0, waiting: 0 });
});

test("a call that waits for two limits takes both in one step, and lets others pass meanwhile", async () => {
  const world = openTestQueue(
    { ...BUSY, name: "Per endpoint", scope: "endpoint" },
    { ...BUSY, name: "Per tag", scope: "tag" },
  );
  const onEndpoint = world.ask({ endpoint: "support" });
  const onTag = world.ask({ tags: ["batch"] });
  const both = world.ask({ endpoint: "support", tags: ["batch"] });
  await world.end(onEndpoint);
  expect(both.state).toBe("waiting");
  const other = world.ask({ endpoint: "support" });
  expect(other.state).toBe("passed");
  await world.end(onTag);
  expect(both.state).toBe("waiting");
  await world.end(other);
  expect(both.state).toBe("passed");
  expect([world.counter(1, "support")?.open, world.counter(2, "batch")?.open]).toEqual([1, 1]);
});

test("a call does not wait for a provider while another one can answer, and a mirrored call never waits", async () => {
  const world = openTestQueue({ ...BUSY, scope: "provider" }, { ...RATE, measure: "cost", amount: 6, burst: 0.3 });
  world.ask();
  expect(world.ask({}, { hasOther: true }).state).toBe("refused");
  expect(world.ask({ isMirrored: true }).state).toBe("refused");
  const waiting = world.ask();
  expect(waiting.state).toBe("waiting");
  waiting.leaving.abort();
  await world.pass(0);
});

test("a change of the limit applies to calls that wait", async () => {
  const world = openTestQueue(BUSY);
  const calls = many(world, 6, "key_1");
  world.limiter.put(limitOf({ ...BUSY, limitId: "lim_1", amount: 3 }));
  await world.pass(0);
  expect(world.passed).toHaveLength(3);
  world.limiter.put(limitOf({ ...BUSY, limitId: "lim_1", amount: 3, queueSeconds: 0 }));
  await world.pass(0);
  expect(world.counter()?.waiting).toBe(0);
  expect(statesOf(calls.slice(3))).toEqual(["refused", "refused", "refused"]);
});

test("calls that wait for a limit pass when it is deleted or turned off", async () => {
  const world = openTestQueue({ ...BUSY, scope: "key" }, { ...BUSY, scope: "tag" });
  many(world, 1, "key_1");
  world.ask({ actor: "user_1", tags: ["batch"] });
  const calls = [world.ask(), world.ask({ actor: "user_1", tags: ["batch"] })];
  expect(statesOf(calls)).toEqual(["waiting", "waiting"]);
  world.limiter.remove("proj_1", "lim_1");
  world.limiter.put(limitOf({ ...BUSY, limitId: "lim_2", scope: "tag", isEnabled: false }));
  await world.pass(0);
  expect(statesOf(calls)).toEqual(["passed", "passed"]);
});

/** A repeatable sequence of numbers between 0 and 1. */
function createRandom(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

test("whatever calls do, no limit is exceeded, no place stays free while a call waits, and every call ends", async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = createRandom(seed);
    const pick = (count: number) => Math.floor(random() * count);
    const world = openTestQueue(
      { ...BUSY, amount: 3, queueSeconds: 20 },
      { ...BUSY, amount: 1, scope: "tag", queueSeconds: 15 },
      { ...RATE, scope: "key", burst: 3 },
    );
    const asked: Asked[] = [];
    for (let step = 0; step < 200; step++) {
      const what = random();
      const running = world.passed.filter(({ reservation }) => reservation !== null);
      if (what < 0.5) asked.push(world.ask({ actor: `key_${pick(3)}`, tags: pick(2) === 0 ? [`tag_${pick(2)}`] : [] }));
      else if (what < 0.85) await world.end(running[pick(running.length)]);
      else if (what < 0.9) asked[pick(asked.length)]?.leaving.abort();
      else await world.pass(pick(2_000));
      await world.pass(0);
      expect(world.counter(1)?.open ?? 0).toBeLessThanOrEqual(3);
      for (const tag of ["tag_0", "tag_1"]) expect(world.counter(2, tag)?.open ?? 0).toBeLessThanOrEqual(1);
      if ((world.counter(1)?.waiting ?? 0) > 0) expect(world.counter(1)?.open).toBe(3);
    }
    world.limiter.stopWaiting();
    await world.pass(0);
    expect(asked.filter(({ state }) => state === "waiting")).toEqual([]);
    expect(world.limiter.find("proj_1", "lim_1")?.waiting).toBe(0);
  }
});

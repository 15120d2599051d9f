import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { Postgres, PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createWorld, ERROR_RATE, minuteOf } from "./testing/monitor-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres.close(), columnar.close()]));
const world = () => createWorld({ db: postgres.db, columnar });

const MINUTE = 60_000;
const OPENED = "open Error rate (critical)";

describe("a monitor", () => {
  test("fires, tells once, and recovers", async () => {
    const { monitors, scope, create, send, evaluate, move, told, history } = await world();
    const { monitorId } = await create();
    await send(minuteOf(50, 0));
    move(MINUTE);
    await evaluate();
    await evaluate();
    expect(await monitors.get(scope, monitorId)).toMatchObject({ state: "ok", counts: { ok: 1 }, lastError: "" });
    await send(minuteOf(50, 40));
    for (let minute = 0; minute < 3; minute++) {
      move(MINUTE);
      await evaluate();
      await evaluate();
    }
    const firing = await monitors.get(scope, monitorId);
    expect(firing).toMatchObject({ state: "firing", counts: { firing: 1, ok: 0 } });
    expect(await told()).toEqual([OPENED]);
    const [series] = (await monitors.listSeries(scope, monitorId, { limit: 10 })).items;
    expect(series).toMatchObject({
      series: "",
      severity: "critical",
      incidentId: "inc_one",
      last: { n: 100, value: 0.4 },
    });
    expect(await monitors.listFiring(scope, [monitorId, "mon_other"])).toEqual([
      { monitorId, name: "Error rate", incidentId: "inc_one" },
    ]);
    for (let minute = 0; minute < 8; minute++) {
      await send(minuteOf(50, 0));
      move(MINUTE);
      await evaluate();
    }
    expect(await told()).toEqual([OPENED, "recover "]);
    expect(await history(monitorId)).toEqual(["ok to firing", "firing to recovering", "recovering to ok"]);
    expect(await monitors.listFiring(scope, [monitorId])).toEqual([]);
  });

  test("explains a transition with the value and how sure it is", async () => {
    const { monitors, scope, create, send, evaluate, move } = await world();
    const { monitorId } = await create();
    await send(minuteOf(50, 40));
    move(MINUTE);
    await evaluate();
    const [transition] = (await monitors.listTransitions(scope, monitorId, { limit: 5 })).items;
    expect(transition?.message).toBe(
      "Error rate is 80 % (95 % interval 66.96 % to 88.76 %, n = 50), above the threshold of 10 %.",
    );
    expect(transition).toMatchObject({
      incidentId: "inc_one",
      severity: "critical",
      point: { n: 50, state: "firing" },
    });
  });

  test("has a series for each of its largest groups, and one for all others", async () => {
    const { monitors, scope, create, send, evaluate, move, told } = await world();
    const source = { kind: "measure", measure: "errorRate", groupBy: "endpoint", seriesLimit: 2 } as const;
    const { monitorId } = await create({ source });
    await send(minuteOf(90, 0, { endpoint: "chat" }));
    await send(minuteOf(60, 50, { endpoint: "search" }));
    await send(minuteOf(20, 0, { endpoint: "small" }));
    await send(minuteOf(20, 0, { endpoint: "smaller" }));
    move(MINUTE);
    await evaluate();
    const { items } = await monitors.listSeries(scope, monitorId, { limit: 10 });
    expect(items.map(({ series, state, last }) => [series, state, last?.n])).toEqual([
      ["search", "firing", 60],
      ["chat", "ok", 90],
      ["other", "ok", 40],
    ]);
    expect(await told()).toEqual(["open Error rate: endpoint search (critical)"]);
    const points = await monitors.listPoints(scope, monitorId, { limit: 10, series: "search" });
    expect(points.items).toMatchObject([{ series: "search", n: 60, state: "firing" }]);
    const all = await monitors.listPoints(scope, monitorId, { limit: 10 });
    expect(all.items.map(({ series, n }) => [series, n])).toEqual([
      ["chat", 90],
      ["other", 40],
      ["search", 60],
    ]);
  });

  test("that is muted opens incidents without notices, and a disabled one does nothing", async () => {
    const { monitors, scope, create, send, evaluate, move, told, now, signal } = await world();
    const { monitorId } = await create();
    const patch = { mutedUntil: new Date(now() + 10 * MINUTE).toISOString() };
    expect(await monitors.update(scope, monitorId, { patch, signal })).toMatchObject({ state: "muted" });
    await send(minuteOf(50, 40));
    move(MINUTE);
    await evaluate();
    expect(await told()).toEqual(["open Error rate (critical, muted)"]);
    expect(await monitors.update(scope, monitorId, { patch: { isEnabled: false }, signal })).toMatchObject({
      state: "disabled",
      counts: { firing: 0 },
    });
    move(MINUTE);
    await evaluate();
    expect(await told()).toEqual(["open Error rate (critical, muted)", "recover (muted)"]);
  });

  test("without data says so, which is not an error", async () => {
    const { monitors, scope, create, evaluate, move, told } = await world();
    const { monitorId } = await create({ onNoData: "notify" });
    await evaluate();
    move(MINUTE);
    await evaluate();
    expect(await monitors.get(scope, monitorId)).toMatchObject({ state: "no-data", lastError: "" });
    expect(await told()).toEqual(["notice Error rate: no data"]);
  });

  test("that is changed while it fires resolves its incident and begins again", async () => {
    const { monitors, scope, create, send, evaluate, move, told, signal } = await world();
    const { monitorId } = await create();
    await send(minuteOf(50, 40));
    move(MINUTE);
    await evaluate();
    await monitors.update(scope, monitorId, { patch: { name: "Failures" }, signal });
    expect((await monitors.get(scope, monitorId)).state).toBe("firing");
    const condition = { kind: "threshold", critical: 0.95, warning: null, recovery: null, direction: "above" } as const;
    await monitors.update(scope, monitorId, { patch: { condition }, signal });
    await evaluate();
    expect(await monitors.get(scope, monitorId)).toMatchObject({ state: "ok", name: "Failures" });
    expect(await told()).toEqual([OPENED, "recover "]);
  });
});

describe("windows", () => {
  test("are complete only when received rows are stored", async () => {
    const { monitors, scope, create, send, evaluate, move, spool } = await world();
    const { monitorId } = await create();
    move(MINUTE);
    await evaluate();
    const { evaluatedAt } = await monitors.get(scope, monitorId);
    await send(minuteOf(50, 40));
    Object.assign(spool, { pendingRows: 1_200, oldestPendingSeconds: 200 });
    for (let minute = 0; minute < 3; minute++) {
      move(MINUTE);
      Object.assign(spool, { oldestPendingSeconds: 200 + 60 * (minute + 1) });
      await evaluate();
    }
    const late = await monitors.get(scope, monitorId);
    expect(late).toMatchObject({ state: "no-data", evaluatedAt });
    expect(late.lastError).toMatch(/^1,?200 received rows wait to be stored, for up to 380 seconds/);
    Object.assign(spool, { pendingRows: 0, oldestPendingSeconds: null });
    await evaluate();
    expect(await monitors.get(scope, monitorId)).toMatchObject({ state: "firing", lastError: "" });
  });

  test("that were missed while the server was down are caught up with one evaluation", async () => {
    const { monitors, scope, create, send, evaluate, move, told, history } = await world();
    const { monitorId } = await create();
    await send(minuteOf(50, 0));
    move(MINUTE);
    await evaluate();
    await send(minuteOf(50, 50));
    move(60 * MINUTE);
    await send(minuteOf(50, 0));
    await evaluate();
    await evaluate();
    expect(await history(monitorId)).toEqual([]);
    expect(await told()).toEqual([]);
    const { items } = await monitors.listPoints(scope, monitorId, { limit: 100 });
    expect(items).toHaveLength(2);
  });

  test("are not evaluated twice by a clock that jumps back", async () => {
    const { monitors, scope, create, send, evaluate, move } = await world();
    const { monitorId } = await create();
    await send(minuteOf(50, 40));
    move(10 * MINUTE);
    await evaluate();
    const before = await monitors.listSeries(scope, monitorId, { limit: 5 });
    move(-8 * MINUTE);
    for (let minute = 0; minute < 4; minute++) {
      move(MINUTE);
      await evaluate();
    }
    expect(await monitors.listSeries(scope, monitorId, { limit: 5 })).toEqual(before);
    move(10 * MINUTE);
    await evaluate();
    expect((await monitors.listPoints(scope, monitorId, { limit: 100 })).items).toHaveLength(2);
  });

  test("that a clock evaluated far ahead do not silence a monitor when the clock is set back", async () => {
    const { monitors, scope, create, send, evaluate, move, told, history, now } = await world();
    const { monitorId } = await create({ onNoData: "keep" });
    await send(minuteOf(50, 40));
    move(MINUTE);
    await evaluate();
    move(5 * 60 * MINUTE);
    await evaluate();
    move(-5 * 60 * MINUTE);
    await evaluate();
    const back = await monitors.get(scope, monitorId);
    expect(Date.parse(back.evaluatedAt ?? "")).toBeLessThanOrEqual(now());
    expect(back).toMatchObject({ state: "firing", lastError: "" });
    for (let minute = 0; minute < 8; minute++) {
      move(MINUTE);
      await send(minuteOf(200, 0));
      await evaluate();
    }
    expect(await history(monitorId)).toEqual(["ok to firing", "firing to recovering", "recovering to ok"]);
    expect(await told()).toEqual([OPENED, "recover "]);
  });

  test("that are over are not judged again for late spans, which later windows count", async () => {
    const { monitors, scope, create, send, evaluate, move, history } = await world();
    const { monitorId } = await create({ windowSeconds: 120 });
    await send(minuteOf(50, 0));
    move(MINUTE);
    await evaluate();
    await send(minuteOf(50, 50).map(({ ago, span }) => ({ ago: ago + 60, span })));
    await evaluate();
    expect(await history(monitorId)).toEqual([]);
    move(MINUTE);
    await evaluate();
    expect(await history(monitorId)).toEqual(["ok to firing"]);
    expect((await monitors.get(scope, monitorId)).state).toBe("firing");
  });
});

describe("a crash", () => {
  /** A database whose transactions end with a crash: nothing of them is stored. */
  const crashing = (db: Postgres, afterCommit = false): Postgres =>
    new Proxy(db, {
      get(target, name, receiver) {
        if (name !== "transaction") return Reflect.get(target, name, receiver);
        return async (work: (tx: Postgres) => Promise<unknown>) => {
          await target.transaction(async (tx) => {
            await work(tx);
            if (!afterCommit) throw new Error("crash");
          });
          throw new Error("crash");
        };
      },
    });

  test.each([
    ["before", false],
    ["after", true],
  ])("%s the commit of any transition loses none and doubles none", async (_name, afterCommit) => {
    const { create, send, evaluate, move, told, history, open } = await world();
    const { monitorId } = await create({ windowSeconds: 60 });
    const crashes = open({ db: crashing(postgres.db, afterCommit) });
    const next = async () => {
      move(MINUTE);
      await evaluate(crashes).catch((error: Error) => expect(error.message).toBe("crash"));
      await evaluate();
      await evaluate();
    };
    for (let round = 0; round < 2; round++) {
      await send(minuteOf(200, 150));
      await next();
      for (let minute = 0; minute < 3; minute++) {
        await send(minuteOf(200, 0));
        await next();
      }
    }
    const once = ["ok to firing", "firing to recovering", "recovering to ok"];
    expect(await history(monitorId)).toEqual([...once, ...once]);
    expect(await told()).toEqual([OPENED, "recover ", OPENED, "recover "]);
  });

  test("in the incident rolls back the transition and its history", async () => {
    const { monitors, scope, create, send, evaluate, move, told, history, open } = await world();
    const { monitorId } = await create();
    await send(minuteOf(50, 40));
    move(MINUTE);
    const fails = open({ incidents: { open: () => Promise.reject(new Error("no")), recover: async () => {} } });
    await expect(evaluate(fails)).rejects.toThrow("no");
    expect(await history(monitorId)).toEqual([]);
    expect((await monitors.get(scope, monitorId)).evaluatedAt).toBeNull();
    await evaluate();
    expect(await told()).toEqual([OPENED]);
  });
});

test("another project's monitors are not found", async () => {
  const [one, other] = [await world(), await world()];
  const { monitorId } = await one.create();
  for (const read of [
    () => other.monitors.get(other.scope, monitorId),
    () => other.monitors.delete(other.scope, monitorId),
    () => other.monitors.listPoints(other.scope, monitorId, { limit: 1 }),
    () => other.monitors.update(other.scope, monitorId, { patch: { name: "x" }, signal: other.signal }),
  ])
    await expect(read()).rejects.toMatchObject({ code: "not_found" });
  expect(await other.monitors.listFiring(other.scope, [monitorId])).toEqual([]);
  expect(ERROR_RATE.name).toBe((await one.monitors.get(one.scope, monitorId)).name);
});

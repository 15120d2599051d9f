import { afterAll, beforeAll, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createWorld, minuteOf } from "./testing/monitor-world.ts";

const MINUTE = 60_000;

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));

/** A monitor with two series, and a function that shows them after another minute of spans. */
async function startGrouped() {
  const { monitors, scope, create, send, evaluate, move } = await createWorld({ db: postgres.db, columnar });
  const source = { kind: "measure", measure: "errorRate", groupBy: "endpoint", seriesLimit: 2 } as const;
  const { monitorId } = await create({ source, windowSeconds: 60 });
  return async (...endpoints: string[]) => {
    for (const endpoint of endpoints) await send(minuteOf(30, 0, { endpoint }));
    move(MINUTE);
    await evaluate();
    const { items } = await monitors.listSeries(scope, monitorId, { limit: 10 });
    const { state } = await monitors.get(scope, monitorId);
    return { series: items.map((one) => `${one.series} ${one.state}`).toSorted(), state };
  };
}

test("a group that appears has its series in the first evaluation that sees it", async () => {
  const evaluateAfter = await startGrouped();
  expect(await evaluateAfter("chat")).toEqual({ series: ["chat ok"], state: "ok" });
  expect(await evaluateAfter("chat", "search")).toEqual({ series: ["chat ok", "search ok"], state: "ok" });
  expect((await evaluateAfter("chat", "search", "small")).series).toEqual(["chat ok", "other ok", "search ok"]);
});

test("a monitor without data has one empty series until the first group appears", async () => {
  const evaluateAfter = await startGrouped();
  expect(await evaluateAfter()).toEqual({ series: [" no-data"], state: "no-data" });
  expect(await evaluateAfter("chat")).toEqual({ series: ["chat ok"], state: "ok" });
});

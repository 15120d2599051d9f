import { expect, test } from "vitest";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { createEasyLooks, lookBackByStretch, type Stretch } from "./newest-sql.ts";

const HOUR = 3_600_000_000;
const NEWEST = Date.parse("2026-11-20T12:30:00Z") * 1_000;
const hoursBack = (hours: number) => new Date((NEWEST - hours * HOUR) / 1_000).toISOString();

/** A store whose newest hour holds so many rows, and a clock that is moved by hand. */
function open(rows: number) {
  const asked: string[] = [];
  const state = { rows, elapsed: 0 };
  const columnar: Pick<Columnar, "select"> = {
    select: async ({ sql, row }) => {
      asked.push(sql.includes("count()") ? "hour" : "newest");
      const newest = { micros: sql.includes("{to:Int64}") ? NEWEST - 100 * HOUR : NEWEST, rows: state.rows };
      return state.rows === 0 && !sql.includes("count()") ? [] : [row.parse(newest)];
    },
  };
  const clock = { now: () => 0, elapsed: () => state.elapsed };
  return { easyLooks: createEasyLooks(columnar, clock), asked, state };
}

async function stretchesOf(looks: Awaited<ReturnType<ReturnType<typeof createEasyLooks>>>, from?: string) {
  const stretches: Stretch[] = [];
  const look = async (stretch: Stretch) => {
    stretches.push(stretch);
    return [];
  };
  await lookBackByStretch({ ...looks, from, wanted: 10, look });
  return stretches.map(({ since }) => (since === null ? null : (NEWEST - since) / HOUR));
}

test("a day of a project with little traffic is searched in one step, today and in the past", async () => {
  const { easyLooks, asked } = open(20_000);
  const day = { from: hoursBack(24) };
  expect(await stretchesOf(await easyLooks("p", day), day.from)).toEqual([null]);
  const earlier = { from: hoursBack(74), to: hoursBack(50) };
  expect(await stretchesOf(await easyLooks("p", earlier), earlier.from)).toEqual([null]);
  expect(asked).toEqual(["hour"]);
});

test("with more traffic the first look is shorter, and never shorter than an hour", async () => {
  const month = hoursBack(24 * 30);
  const first = async (rows: number) => (await stretchesOf(await open(rows).easyLooks("p", { from: month }), month))[0];
  expect([await first(1), await first(50_000), await first(10_000_000)]).toEqual([24, 10, 1]);
});

test("where an earlier and longer period has its newest is asked for", async () => {
  const { easyLooks, asked } = open(500_000);
  const looks = await easyLooks("p", { from: hoursBack(200), to: hoursBack(90) });
  expect(looks).toEqual({ newest: NEWEST - 100 * HOUR, hours: 1 });
  expect(asked).toEqual(["hour", "newest"]);
});

test("how much there is is asked for again after a minute, and that there is nothing is not remembered", async () => {
  const { easyLooks, asked, state } = open(0);
  expect(await easyLooks("p", {})).toEqual({ newest: null, hours: 1 });
  state.rows = 50_000;
  expect(await easyLooks("p", {})).toEqual({ newest: NEWEST, hours: 1 });
  state.elapsed = 60_000;
  expect(await easyLooks("p", {})).toEqual({ newest: NEWEST, hours: 10 });
  expect(asked).toEqual(["hour", "newest", "newest", "hour"]);
});

import { MonitorInput } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { checkInput } from "./check-input.ts";
import { MONITOR_TEMPLATES } from "./templates.ts";
import { createWorld, ERROR_RATE } from "./testing/monitor-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres.close(), columnar.close()]));

const HOUR = 3_600;
/** 40 spans an hour for three days. All spans of the 30th hour before now fail. */
const history = Array.from({ length: 72 * 40 }, (_, place) => {
  const ago = (place + 1) * 90;
  const failed = ago > 30 * HOUR && ago <= 31 * HOUR;
  return { ago, span: { endpoint: "chat", ...(failed && { status: "error" as const }) } };
});

describe("a preview", () => {
  test("shows where a monitor would have fired, without storing it", async () => {
    const { monitors, scope, send, signal, now } = await createWorld({ db: postgres.db, columnar });
    await send(history);
    const input = MonitorInput.parse({ ...ERROR_RATE, windowSeconds: 900, everySeconds: 300 });
    const preview = await monitors.preview(scope, input, signal);
    expect(preview).toMatchObject({ seriesCount: 1, alarmCount: 1, notices: [] });
    const [series] = preview.series;
    const [alarm] = series?.alarms ?? [];
    expect(alarm).toMatchObject({ severity: "critical", peak: 1 });
    expect((now() - Date.parse(alarm?.from ?? "")) / 3_600_000).toBeCloseTo(31, 0);
    expect((now() - Date.parse(alarm?.to ?? "")) / 3_600_000).toBeCloseTo(30, 0);
    expect(series?.points.length).toBeLessThanOrEqual(500);
    expect(preview.expectedFalseAlarms).toBeGreaterThanOrEqual(0);
    expect((await monitors.list(scope, { limit: 10 })).items).toEqual([]);
  });

  test("of groups shows the series with alarms, and says what limits it", async () => {
    const { monitors, scope, send, signal } = await createWorld({ db: postgres.db, columnar });
    await send(history);
    const source = { kind: "measure", measure: "errorRate", groupBy: "endpoint" } as const;
    const condition = { kind: "burn", objective: 0.92 } as const;
    const preview = await monitors.preview(scope, MonitorInput.parse({ ...ERROR_RATE, source, condition }), signal);
    expect(preview.series.map(({ series }) => series)).toEqual(["chat"]);
    expect(preview.notices[0]).toMatch(/A burn rate of 14.4 can never be exceeded/);
  });

  test("of nothing is empty", async () => {
    const { monitors, scope, signal } = await createWorld({ db: postgres.db, columnar });
    const preview = await monitors.preview(scope, MonitorInput.parse(ERROR_RATE), signal);
    expect(preview).toMatchObject({ alarmCount: 0, expectedFalseAlarms: null });
  });

  test("of SQL covers the last windows", async () => {
    const { open, scope, signal } = await createWorld({ db: postgres.db, columnar });
    const asked: string[] = [];
    const monitors = open({
      runSql: async (_scope, { sql }) => {
        asked.push(sql);
        return {
          columns: [{ name: "value", type: "Float64" }],
          rows: [[0.7]],
          elapsedMs: 1,
          rowsRead: 1,
          isTruncated: false,
        };
      },
    });
    const source = {
      kind: "sql",
      sql: "SELECT {from:DateTime64(6)} AS f, {to:DateTime64(6)} AS t, 1 AS value",
    } as const;
    const condition = { kind: "threshold", warning: 0.5 } as const;
    const preview = await monitors.preview(scope, MonitorInput.parse({ ...ERROR_RATE, source, condition }), signal);
    expect(preview).toMatchObject({ alarmCount: 1, expectedFalseAlarms: null });
    expect(asked).toHaveLength(30);
    expect(asked[0]).toMatch(/^SELECT toDateTime64\('2026-11-20 09:\d\d:00\.000', 6, 'UTC'\) AS f/);
    expect(preview.notices.join(" ")).toMatch(/last 30 windows/);
  });
});

test.each(MONITOR_TEMPLATES.map((one) => [one.templateId, one.input] as const))(
  "the template %s can be saved as it is",
  (_id, input) => {
    expect(() => checkInput(input)).not.toThrow();
  },
);

test("the list shows what fires first, and the summary adds up what to expect", async () => {
  const { monitors, scope, create, send, move, evaluate, signal } = await createWorld({ db: postgres.db, columnar });
  await send(history);
  const quiet = await create({ name: "Quiet" });
  const loud = await create({
    name: "Traffic",
    source: { kind: "measure", measure: "count" },
    condition: { kind: "threshold", critical: 1 },
    windowSeconds: 600,
  });
  const change = await create({ name: "Change", condition: { kind: "change" }, everySeconds: 300 });
  const off = await create({ name: "Off", isEnabled: false });
  move(60_000);
  await evaluate();
  const { items } = await monitors.list(scope, { limit: 10 });
  expect(items.map(({ name, state }) => [name, state]).at(0)).toEqual(["Traffic", "firing"]);
  expect(items.at(-1)).toMatchObject({ name: "Off", state: "disabled" });
  expect((await monitors.list(scope, { limit: 10, q: "qui" })).items.map(({ monitorId }) => monitorId)).toEqual([
    quiet.monitorId,
  ]);
  expect(change.expectedFalseAlarms).toBe(1);
  expect([loud.expectedFalseAlarms, off.isEnabled]).toEqual([null, false]);
  const summary = await monitors.summarize(scope);
  expect(summary).toMatchObject({ monitors: 4, firing: 1, unknown: 1 });
  expect(summary.expectedFalseAlarms).toBeGreaterThanOrEqual(1);
  expect(signal.aborted).toBe(false);
});

test.each([
  [{ condition: { kind: "threshold" } }, /needs `critical`, `warning` or both/],
  [{ condition: { kind: "threshold", warning: 0.5, critical: 0.1 } }, /`warning` must be reached before `critical`/],
  [{ condition: { kind: "threshold", critical: 0.1, recovery: 0.2 } }, /`recovery` is 0.2/],
  [{ source: { kind: "measure", measure: "errorRate", groupBy: "time" } }, /`time` cannot divide/],
  [
    { source: { kind: "sql", sql: "SELECT 1 AS value" }, condition: { kind: "change" } },
    /condition of the kind `threshold`/,
  ],
])("settings that do not fit together are rejected: %o", (draft, message) => {
  expect(() => checkInput(MonitorInput.parse({ ...ERROR_RATE, ...draft }))).toThrow(message);
});

import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../../packages/server/src/kernel/clock.ts";
import { openTestColumnar } from "../../../packages/server/src/platform/columnar/testing/open-test-columnar.ts";
import { openSpool } from "../../../packages/server/src/platform/spool/open.ts";
import { countStored, findFaults, newLedger, withFolder } from "./spool-harness.ts";
import { makeRow } from "./spool-rows.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let columnar: Awaited<ReturnType<typeof openTestColumnar>>;
beforeAll(async () => {
  columnar = await openTestColumnar();
});
afterAll(() => columnar.close());

test("the store fails, loses responses, and recovers: spans are stored once, and no sender waited for it", async () => {
  await withFolder(async (folder) => {
    const ledger = newLedger();
    let isAway = false;
    let calls = 0;
    const spool = await openSpool({
      folder: join(folder, "spool"),
      capBytes: 1e9,
      log: silent,
      clock: systemClock,
      limits: { delayMs: 20, rows: 500 },
      async deliver(table, lines, token) {
        calls += 1;
        if (isAway) throw new Error("connection refused");
        await columnar.insertLines(table, lines, { token });
        if (calls % 3 === 0) throw new Error("connection reset before the answer");
      },
    });
    const send = async (client: number) => {
      for (let count = 0; count < 200; count++) {
        const ids = Array.from({ length: 10 }, (_, index) => `away-${client}-${count}-${index}`);
        const pushed = `away-push-${client}-${count}`;
        for (const id of [...ids, pushed]) ledger.sent.add(id);
        await spool.append("spans", ids.map(makeRow));
        spool.push("spans", makeRow(pushed));
        for (const id of [...ids, pushed]) ledger.acknowledged.add(id);
        await wait(5);
      }
    };
    const sending = Promise.all([0, 1, 2, 3].map(send));
    await wait(300);
    isAway = true;
    // All clients get a response although nothing can be delivered.
    await sending;
    await wait(500);
    expect(spool.status().state).toBe("degraded");
    expect(spool.status().pendingRows).toBeGreaterThan(0);
    isAway = false;
    await spool.flush();
    expect(findFaults(ledger, await countStored(columnar))).toEqual({ lost: [], doubled: [], invented: [] });
    expect(ledger.sent.size).toBe(8_800);
    expect(spool.status()).toMatchObject({ state: "ok", pendingRows: 0, droppedRows: 0, undeliverableRows: 0 });
    await spool.close();
  });
});

test("rows that the real store refuses are found among good ones, and only they are set aside", async () => {
  await withFolder(async (folder) => {
    const deliver = (table: string, lines: Buffer, token: string) => columnar.insertLines(table, lines, { token });
    const spool = await openSpool({ folder, capBytes: 1e9, deliver, log: silent, clock: systemClock });
    const rows = Array.from({ length: 3_000 }, (_, index) => makeRow(`mixed-${index}`));
    const bad = [
      { ...makeRow("mixed-bad-1"), input_tokens: "many" },
      { ...makeRow("mixed-bad-2"), no_such_column: 1 },
      { ...makeRow("mixed-bad-3"), start_time: "yesterday" },
    ];
    await spool.append("spans", [
      ...rows.slice(0, 700),
      bad[0] ?? {},
      ...rows.slice(700, 2_999),
      bad[1] ?? {},
      bad[2] ?? {},
      ...rows.slice(2_999),
    ]);
    await spool.flush();
    const stored = [...(await countStored(columnar))].filter(([id]) => id.startsWith("mixed-"));
    expect(stored.length).toBe(3_000);
    expect(stored.every(([, copies]) => copies === 1)).toBe(true);
    expect((await spool.listRefused()).reduce((sum, batch) => sum + batch.rows, 0)).toBe(3);
    await spool.close();
  });
});

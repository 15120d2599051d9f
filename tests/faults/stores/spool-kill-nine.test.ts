import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../packages/server/src/kernel/clock.ts";
import { openColumnar } from "../../../packages/server/src/platform/columnar/open.ts";
import { openSpool } from "../../../packages/server/src/platform/spool/open.ts";
import { countKills } from "../kill/killable.ts";
import { countStored, findFaults, newLedger, withFolder, writeUntilKilled } from "./spool-harness.ts";

const KILLS = countKills(20);
const silent = { debug() {}, info() {}, warn() {}, error() {} };

test(`after ${KILLS} kills at random moments every acknowledged row is stored exactly once, and none that was not sent`, {
  timeout: 400_000,
}, async () => {
  await withFolder(async (folder) => {
    const ledger = newLedger();
    for (let run = 0; run < KILLS; run++) {
      // Some kills come before the child is ready: while it opens, recovers or delivers rows of the previous run.
      const isEarly = run > 0 && run % 6 === 0;
      const afterMs = isEarly ? 300 + Math.random() * 700 : Math.random() * 400;
      await writeUntilKilled({ folder, run: String(run), ledger, afterMs, isEarly });
    }
    const columnar = await openColumnar({ folder: join(folder, "columnar") });
    const deliver = (table: string, lines: Buffer, token: string) => columnar.insertLines(table, lines, { token });
    const spool = await openSpool({
      folder: join(folder, "spool"),
      capBytes: 1e9,
      deliver,
      log: silent,
      clock: systemClock,
    });
    await spool.flush();
    expect(ledger.acknowledged.size).toBeGreaterThan(1_000);
    expect(findFaults(ledger, await countStored(columnar))).toEqual({ lost: [], doubled: [], invented: [] });
    expect(spool.status()).toMatchObject({ pendingRows: 0, undeliverableRows: 0, damagedPlaces: 0 });
    await spool.close();
    await columnar.close();
  });
});

// A writer to be killed: the real spool and the real columnar store in one process, and clients that append rows with unique ids.
// Tells its parent each id before it is sent, and again once it was acknowledged. Usage: fork with the folder and the run's number.
import { join } from "node:path";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import { openColumnar } from "../../packages/server/src/platform/columnar/open.ts";
import { openSpool } from "../../packages/server/src/platform/spool/open.ts";
import { makeRow } from "./spool-rows.ts";

const CLIENTS = 4;
const [folder = "", run = ""] = process.argv.slice(2);
const log = { debug() {}, info() {}, warn() {}, error: console.error };

/** Resolves when the message is in the pipe, from where the parent reads it even after this process was killed. */
const tell = (message: object) =>
  new Promise<void>((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

const encode = (ids: readonly string[]) => Buffer.from(ids.map((id) => JSON.stringify(makeRow(id))).join("\n"));

async function sendForEver(client: number) {
  for (let count = 0; ; count++) {
    const ids = Array.from(
      { length: 1 + Math.floor(Math.random() * 40) },
      (_, index) => `${run}-${client}-${count}-${index}`,
    );
    await tell({ sent: ids });
    // Half of the clients hand over rows that are encoded already, as the OTLP receiver does.
    if (client % 2 === 0) await spool.append("spans", ids.map(makeRow));
    else await spool.appendLines([{ table: "spans", lines: encode(ids), rows: ids.length }]);
    await tell({ acknowledged: ids });
  }
}

/** Rows of calls that are not waited for: they may be lost, but never doubled. */
async function pushForEver() {
  for (let count = 0; ; count++) {
    const id = `${run}-push-${count}`;
    await tell({ sent: [id] });
    spool.push("spans", makeRow(id));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

const columnar = await openColumnar({ folder: join(folder, "columnar") });
const spool = await openSpool({
  folder: join(folder, "spool"),
  capBytes: 1e9,
  async deliver(table, lines, token) {
    await columnar.insertLines(table, lines, { token });
    // As from a server across a network: the rows are stored, the answer is still on its way. The worst moment to die.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
  },
  log,
  clock: systemClock,
  // In turn: batches that end at a number of rows, with many small segments to end and delete; and batches that end wherever the file ended
  // at the time, while more is appended behind them.
  limits: Number(run) % 2 === 0 ? { delayMs: 15, rows: 150, segmentBytes: 60_000 } : { delayMs: 15 },
});
await tell({ ready: true });
await Promise.all([pushForEver(), ...Array.from({ length: CLIENTS }, (_, client) => sendForEver(client))]);

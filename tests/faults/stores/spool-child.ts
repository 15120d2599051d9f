// A writer to be killed: the real spool and the real columnar store in one process, and clients that append rows with unique ids.
// Reports each id to its parent before it is sent, and again once it is acknowledged. Usage: fork with the folder and the run's number.
import { join } from "node:path";
import { systemClock } from "../../../packages/server/src/kernel/clock.ts";
import { openColumnar } from "../../../packages/server/src/platform/columnar/open.ts";
import { openSpool } from "../../../packages/server/src/platform/spool/open.ts";
import { makeRow } from "./spool-rows.ts";

const CLIENTS = 4;
const [folder = "", run = ""] = process.argv.slice(2);
const log = { debug() {}, info() {}, warn() {}, error: console.error };

/** Resolves when the message is in the pipe, where the parent can read it even after this process was killed. */
const report = (message: object) =>
  new Promise<void>((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

const encode = (ids: readonly string[]) => Buffer.from(ids.map((id) => JSON.stringify(makeRow(id))).join("\n"));

async function sendForEver(client: number) {
  for (let count = 0; ; count++) {
    const ids = Array.from(
      { length: 1 + Math.floor(Math.random() * 40) },
      (_, index) => `${run}-${client}-${count}-${index}`,
    );
    await report({ sent: ids });
    // Half of the clients pass encoded rows, as the OTLP receiver does.
    if (client % 2 === 0) await spool.append("spans", ids.map(makeRow));
    else await spool.appendLines([{ table: "spans", lines: encode(ids), rows: ids.length }]);
    await report({ acknowledged: ids });
  }
}

/** Appends rows without waiting. Such rows may be lost, but never duplicated. */
async function pushForEver() {
  for (let count = 0; ; count++) {
    const id = `${run}-push-${count}`;
    await report({ sent: [id] });
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
    // As with a server on the network: the rows are stored and the response is still on its way. The worst moment to be killed.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
  },
  log,
  clock: systemClock,
  // Runs alternate: batches that end at a row count, with many small segments to close and delete; and batches that end at
  // the current end of the file, while more rows are appended.
  limits: Number(run) % 2 === 0 ? { delayMs: 15, rows: 150, segmentBytes: 60_000 } : { delayMs: 15 },
});
await report({ ready: true });
await Promise.all([pushForEver(), ...Array.from({ length: CLIENTS }, (_, client) => sendForEver(client))]);

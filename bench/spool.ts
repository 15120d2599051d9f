// Compares the path of spans through the spool into the columnar store with direct inserts of the same rows: the same
// process, the same table, alternating rounds. Prints the rows per second of both and `ratio`, the median of the
// rounds' ratios. Goal: at least 0.6.
// Usage: node bench/spool.ts [--rows 60000] [--rounds 7]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Span } from "../packages/contract/src/index.ts";
import { systemClock } from "../packages/server/src/kernel/clock.ts";
import { newSpanId, newTraceId } from "../packages/server/src/kernel/ids.ts";
import { toRow } from "../packages/server/src/modules/observe/traces/rows/span-row.ts";
import { generateSamples } from "../packages/server/src/modules/system/samples/generate-samples.ts";
import { openColumnar } from "../packages/server/src/platform/columnar/open.ts";
import { openSpool } from "../packages/server/src/platform/spool/open.ts";

const BATCH_ROWS = 10_000;
/** Spans that arrive in one request. */
const APPEND_ROWS = 100;
/** Requests that are in flight at once. */
const SENDERS = 8;

const { values } = parseArgs({
  options: { rows: { type: "string", default: "60000" }, rounds: { type: "string", default: "7" } },
});
const rowCount = Number(values.rows);
const rounds = Number(values.rounds);

const folder = await mkdtemp(join(tmpdir(), "treadle-bench-spool-"));
const log = { debug() {}, info() {}, warn: console.error, error: console.error };
const columnar = await openColumnar({ folder: join(folder, "columnar") });
const spool = await openSpool({
  folder: join(folder, "spool"),
  capBytes: 4e9,
  deliver: (table, lines, token) => columnar.insertLines(table, lines, { token }),
  log,
  clock: systemClock,
});

const samples = generateSamples(Date.now());
const spans = Array.from({ length: rowCount }, (_, index): Span => {
  const sample = samples[index % samples.length] ?? samples[0];
  if (!sample) throw new Error("there are no sample spans");
  return { ...sample, traceId: newTraceId(), spanId: newSpanId() };
});
const rowBytes =
  spans.slice(0, 2_000).reduce((sum, span) => sum + JSON.stringify(toRow("proj_bench", span, false)).length, 0) / 2_000;

async function insertDirectly() {
  for (let start = 0; start < spans.length; start += BATCH_ROWS) {
    await columnar.insert(
      "spans",
      spans.slice(start, start + BATCH_ROWS).map((span) => toRow("proj_bench", span, false)),
    );
  }
}

async function sendThroughSpool() {
  let next = 0;
  const send = async () => {
    while (next < spans.length) {
      const start = next;
      next += APPEND_ROWS;
      await spool.append(
        "spans",
        spans.slice(start, start + APPEND_ROWS).map((span) => ({ toJSON: () => toRow("proj_bench", span, false) })),
      );
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  await spool.flush();
}

async function rowsPerSecond(work: () => Promise<void>) {
  const start = performance.now();
  await work();
  return (rowCount * 1_000) / (performance.now() - start);
}

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

try {
  await insertDirectly();
  await sendThroughSpool();
  const direct: number[] = [];
  const spooled: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const isDirectFirst = round % 2 === 0;
    if (isDirectFirst) direct.push(await rowsPerSecond(insertDirectly));
    spooled.push(await rowsPerSecond(sendThroughSpool));
    if (!isDirectFirst) direct.push(await rowsPerSecond(insertDirectly));
    await columnar.command("TRUNCATE TABLE spans");
  }
  const ratio = median(spooled.map((rate, round) => rate / (direct[round] ?? Number.NaN)));
  console.log(`rows of ${Math.round(rowBytes)} bytes, ${rowCount} a round, ${rounds} rounds`);
  console.log(`direct   ${Math.round(median(direct))} rows/s   (${direct.map(Math.round).join(" ")})`);
  console.log(`spooled  ${Math.round(median(spooled))} rows/s   (${spooled.map(Math.round).join(" ")})`);
  console.log(`ratio    ${ratio.toFixed(2)}`);
} finally {
  await spool.close();
  await columnar.close();
  await rm(folder, { recursive: true, force: true });
}

// Compares typical queries on ten million spans with hand-written SQL for the same result, alternating, in this process
// and on a warm store. The periods differ each time, so no cache has the result.
// Usage: node bench/explore.ts [--rows 10000000] [--folder FOLDER] [--rounds 7] [--only WORD]
// The first run generates the spans, which takes minutes (span-table.ts). Each run uses a copy of them.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Span } from "../packages/contract/src/index.ts";
import { createExploreServices } from "../packages/server/src/modules/observe/explore/index.ts";
import { createTraceReads } from "../packages/server/src/modules/observe/traces/reads/reads.ts";
import { openColumnar } from "../packages/server/src/platform/columnar/open.ts";
import { percentile } from "./gateway/gateway-load.ts";
import { exploreQuestions } from "./spans/explore-questions.ts";
import { copySpanFolder, DEFAULT_SEED, defaultSpanFolder, fillSpanFolder } from "./spans/span-folder.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "10000000" },
    folder: { type: "string" },
    rounds: { type: "string", default: "7" },
    only: { type: "string", default: "" },
  },
});
const rows = Number(values.rows);
const folder = values.folder ?? defaultSpanFolder(rows);
const MOST_RATIO = 1.5;

const table = await fillSpanFolder({ folder, rows, seed: DEFAULT_SEED, progress: console.log });
const copy = await copySpanFolder(folder);
const columnar = await openColumnar({ folder: join(copy.path, "columnar") });
const close = async () => {
  await columnar.close();
  await copy.remove();
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void close().then(() => process.exit(130)));

const clock = { now: () => table.until, elapsed: () => performance.now() };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const traces = createTraceReads(columnar);
const insights = createExploreServices({ columnar, clock, log: silent, traces });

/** Whatever a statement gives. */
const Row = Span.shape.input;
const timeOf = async (work: () => Promise<unknown>) => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};
const median = (times: readonly number[]) => percentile(Float64Array.from(times).sort(), 0.5);

async function untilMutated() {
  for (;;) {
    const left = await columnar.select({
      sql: "SELECT 1 FROM system.mutations WHERE NOT is_done",
      params: {},
      row: Row,
    });
    if (left.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

try {
  // A table that an older program made gets its new indexes first.
  await untilMutated();
  console.log(
    `${rows} spans; medians of ${values.rounds} rounds in ms, the modules and the SQL written by hand in turn\n`,
  );
  console.log(`${"".padEnd(52)}${"modules".padStart(9)}${"by hand".padStart(9)}${"ratio".padStart(7)}`);
  for (const question of exploreQuestions({ table, traces, insights }).filter(({ name }) =>
    name.includes(values.only),
  )) {
    const asked: number[] = [];
    const byHand: number[] = [];
    for (let round = -1; round < Number(values.rounds); round++) {
      const [ask, sql] = [question.ask(round), question.sql(round)];
      const took = await timeOf(() => ask());
      const tookByHand = await timeOf(() =>
        Promise.all(sql.map((each) => columnar.select({ sql: each, params: {}, row: Row }))),
      );
      if (round < 0) continue;
      asked.push(took);
      byHand.push(tookByHand);
    }
    const [ms, handMs] = [median(asked), median(byHand)];
    const isMet = ms <= question.goalMs && ms / handMs <= MOST_RATIO;
    if (!isMet) process.exitCode = 1;
    console.log(
      `${question.name.padEnd(52)}${ms.toFixed(0).padStart(9)}${handMs.toFixed(0).padStart(9)}${(ms / handMs).toFixed(2).padStart(7)}   goal ≤ ${question.goalMs} ms, ≤ ${MOST_RATIO}   ${isMet ? "met" : "MISSED"}`,
    );
  }
} finally {
  await close();
}

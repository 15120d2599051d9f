// How much of one core the evaluation of many monitors takes: 500 monitors with up to 20 series each on ten million spans
// of 30 days, evaluated every minute. Four of five are thresholds, and the others burn rates and changes.
// Usage: node bench/monitors.ts [--rows 10000000] [--folder FOLDER] [--monitors 500] [--minutes 10]
// The first run generates the spans, which takes minutes (span-table.ts). Each run uses a copy of them.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { MonitorInput } from "../packages/contract/src/index.ts";
import { createMonitorStore } from "../packages/server/src/modules/observe/monitors/stores/monitor-store.ts";
import { createWorld } from "../packages/server/src/modules/observe/monitors/testing/monitor-world.ts";
import { openColumnar } from "../packages/server/src/platform/columnar/open.ts";
import { openTestPostgres } from "../packages/server/src/platform/postgres/testing/open-test-postgres.ts";
import { copySpanFolder, DEFAULT_SEED, defaultSpanFolder, fillSpanFolder } from "./spans/span-folder.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "10000000" },
    folder: { type: "string" },
    monitors: { type: "string", default: "500" },
    minutes: { type: "string", default: "10" },
  },
});
const [rows, count, minutes] = [Number(values.rows), Number(values.monitors), Number(values.minutes)];
const folder = values.folder ?? defaultSpanFolder(rows);
const GOAL = 0.1;
const MINUTE = 60_000;
/** Rounds that are not measured: they learn the past, and fill the stored parts of long windows. */
const WARM_UP = 12;

const MEASURES = ["errorRate", "latencyP95Ms", "count", "costUsd", "latencyAvgMs", "totalTokens"];
const GROUPS = ["endpoint", "model", "service", "name", "provider"];
const FILTERS = ["", "kind:generation", "kind:tool", "status:error", "endpoint:chat", "endpoint:search", "tag:vip"];
const WINDOWS = [300, 600, 900, 3_600];

const place = <Item>(items: readonly Item[], at: number): Item => items[at % items.length] as Item;

function inputOf(at: number): MonitorInput {
  const kind = at % 10 === 8 ? "burn" : at % 10 === 9 ? "change" : "threshold";
  const measure = kind === "burn" ? "errorRate" : place(MEASURES, at);
  const conditions = {
    burn: { kind: "burn", objective: 0.9 },
    change: { kind: "change", daysBetweenFalseAlarms: 90 },
    threshold: { kind: "threshold", critical: measure === "errorRate" ? 0.9 : 1e12 },
  };
  const windowSeconds = kind === "change" ? 300 : place(WINDOWS, Math.floor(at / 3));
  return MonitorInput.parse({
    name: `Monitor ${at}`,
    source: {
      kind: "measure",
      measure,
      filter: place(FILTERS, Math.floor(at / 7)),
      groupBy: place(GROUPS, Math.floor(at / 5)),
    },
    condition: conditions[kind],
    windowSeconds,
    everySeconds: kind === "change" ? 300 : 60,
  });
}

const table = await fillSpanFolder({
  folder,
  rows,
  seed: DEFAULT_SEED,
  projectId: "proj_bench",
  progress: console.log,
});
const copy = await copySpanFolder(folder);
const columnar = await openColumnar({ folder: join(copy.path, "columnar") });
const postgres = await openTestPostgres();
const close = async () => {
  await Promise.all([columnar.close(), postgres.close()]);
  await copy.remove();
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void close().then(() => process.exit(130)));

try {
  const { db } = postgres;
  const world = await createWorld({ db, columnar }, table.projectId);
  world.move(table.until - (WARM_UP + minutes + 1) * MINUTE - world.now());
  for (let at = 0; at < count; at++) {
    const { name, isEnabled, ...config } = inputOf(at);
    const now = new Date(world.now());
    const row = { id: `mon_${at}`, projectId: table.projectId, name, config, isEnabled, mutedUntil: null, revision: 1 };
    await createMonitorStore(db).create({ ...row, createdBy: "bench", createdAt: now, updatedAt: now }, null);
  }
  const round = async () => {
    world.move(MINUTE);
    const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
    await world.evaluate();
    const { user, system } = process.cpuUsage(cpu);
    return { cpuMs: (user + system) / 1_000, ms: performance.now() - startedAt };
  };
  for (let at = 0; at < WARM_UP; at++)
    console.log(`warm-up ${at + 1}: ${(await round()).cpuMs.toFixed(0)} ms of CPU time`);
  const measured = [];
  for (let at = 0; at < minutes; at++) measured.push(await round());
  const share = measured.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / (minutes * MINUTE);
  const longest = Math.max(...measured.map(({ ms }) => ms));
  const { rows: sizes } = await db.execute<{ series: string }>(
    sql`SELECT count(*) AS series FROM monitor_states, jsonb_object_keys(series)`,
  );
  console.log(
    `${count} monitors with ${sizes[0]?.series} series on ${rows} spans: ${(share * 100).toFixed(1)} % of one core`,
  );
  console.log(
    `longest evaluation ${longest.toFixed(0)} ms; goal <= ${GOAL * 100} % ${share <= GOAL ? "met" : "MISSED"}`,
  );
  process.exitCode = share <= GOAL ? 0 : 1;
} finally {
  await close();
}

// How much of one core the evaluation of many monitors takes: 500 monitors with up to 20 series each on ten million spans
// of 30 days, evaluated every minute. Four of five are thresholds, and the others burn rates and changes.
// Usage: node bench/watch/monitors.ts [--rows 10000000] [--dense 1] [--folder FOLDER] [--monitors 500] [--minutes 10]
// The first run generates the spans, which takes minutes (span-table.ts). Each run uses a copy of them. With `--rows 1000000 --dense 10`,
// the spans lie in the newest tenth of the 30 days, so that there are as many spans per minute as with ten million.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { MonitorInput } from "../../packages/contract/src/index.ts";
import { createMonitorStore } from "../../packages/server/src/modules/observe/monitors/stores/monitor-store.ts";
import { createWorld } from "../../packages/server/src/modules/observe/monitors/testing/monitor-world.ts";
import { openColumnar } from "../../packages/server/src/platform/columnar/open.ts";
import { openTestPostgres } from "../../packages/server/src/platform/postgres/testing/open-test-postgres.ts";
import { copySpanFolder, DEFAULT_SEED, defaultSpanFolder, fillSpanFolder } from "../spans/span-folder.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "10000000" },
    dense: { type: "string", default: "1" },
    folder: { type: "string" },
    monitors: { type: "string", default: "500" },
    minutes: { type: "string", default: "10" },
  },
});
const [rows, count, minutes] = [Number(values.rows), Number(values.monitors), Number(values.minutes)];
const dense = Number(values.dense);
const folder = values.folder ?? defaultSpanFolder(rows);
const GOAL = 0.1;
const MINUTE = 60_000;
/** Rounds that are not measured: they learn the past, and fill the stored parts of long windows. */
const WARM_UP = 12;

const MEASURES = ["errorRate", "latencyP95Ms", "count", "costUsd", "latencyAvgMs", "totalTokens"];
const GROUPS = ["endpoint", "model", "user", "name", "service"];
const FILTERS = ["", "kind:generation", "kind:tool", "status:error", "endpoint:chat", "endpoint:search", "tag:vip"];
const WINDOWS = [300, 600, 900, 3_600];

/** CPU time: of the process with the threads of the engine, or of the thread of the script alone. */
const toMs = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1_000;
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

/** How long previews of 30 days take. */
async function measurePreviews({ monitors, scope, signal }: Awaited<ReturnType<typeof createWorld>>): Promise<void> {
  for (const at of [0, 1, 8, 9, 13]) {
    const input = inputOf(at);
    const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
    const { seriesCount } = await monitors.preview(scope, input, signal);
    const what = `${input.condition.kind} of ${input.source.kind === "measure" ? input.source.measure : "SQL"}`;
    console.log(
      `preview: ${what}, ${seriesCount} series: ${toMs(process.cpuUsage(cpu)).toFixed(0)} ms of CPU time, ${(performance.now() - startedAt).toFixed(0)} ms`,
    );
  }
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
/** A project with the same spans in a fraction of the time before the newest. */
async function condense(): Promise<string> {
  if (dense === 1) return table.projectId;
  const until = "fromUnixTimestamp64Milli({until:Int64}, 'UTC')";
  await columnar.command(
    `INSERT INTO spans SELECT * REPLACE ('proj_dense' AS project_id,
      fromUnixTimestamp64Micro(toUnixTimestamp64Micro(toDateTime64(${until}, 6, 'UTC'))
        - intDiv(toUnixTimestamp64Micro(toDateTime64(${until}, 6, 'UTC')) - toUnixTimestamp64Micro(source.start_time), {dense:Int64}), 'UTC') AS start_time)
      FROM (SELECT * FROM spans WHERE project_id = {projectId:String}) AS source`,
    { until: table.until, dense, projectId: table.projectId },
  );
  return "proj_dense";
}
const close = async () => {
  await Promise.all([columnar.close(), postgres.close()]);
  await copy.remove();
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void close().then(() => process.exit(130)));

try {
  const { db } = postgres;
  const projectId = await condense();
  const world = await createWorld({ db, columnar }, projectId);
  world.move(table.until - (WARM_UP + minutes + 1) * MINUTE - world.now());
  for (let at = 0; at < count; at++) {
    const { name, isEnabled, ...config } = inputOf(at);
    const now = new Date(world.now());
    const row = { id: `mon_${at}`, projectId, name, config, isEnabled, mutedUntil: null, revision: 1 };
    await createMonitorStore(db).create({ ...row, createdBy: "bench", createdAt: now, updatedAt: now }, null);
  }
  const round = async () => {
    world.move(MINUTE);
    const [cpu, own, startedAt] = [process.cpuUsage(), process.threadCpuUsage(), performance.now()];
    await world.evaluate();
    return {
      cpuMs: toMs(process.cpuUsage(cpu)),
      ownMs: toMs(process.threadCpuUsage(own)),
      ms: performance.now() - startedAt,
    };
  };
  for (let at = 0; at < WARM_UP; at++)
    console.log(`warm-up ${at + 1}: ${(await round()).cpuMs.toFixed(0)} ms of CPU time`);
  const measured: Awaited<ReturnType<typeof round>>[] = [];
  for (let at = 0; at < minutes; at++) measured.push(await round());
  const shareOf = (name: "cpuMs" | "ownMs") =>
    measured.reduce((sum, round) => sum + round[name], 0) / (minutes * MINUTE);
  const share = shareOf("cpuMs");
  const longest = Math.max(...measured.map(({ ms }) => ms));
  const { rows: sizes } = await db.execute<{ series: string }>(
    sql`SELECT count(*) AS series FROM monitor_states, jsonb_object_keys(series)`,
  );
  if (Number(sizes[0]?.series) <= count) throw new Error("No monitor has the series of its group: there are no spans.");
  console.log(
    `${count} monitors with ${sizes[0]?.series} series on ${rows} spans (density ${dense}): ${(share * 100).toFixed(1)} % of one core, of which the script and PostgreSQL ${(shareOf("ownMs") * 100).toFixed(1)} %`,
  );
  console.log(
    `longest evaluation ${longest.toFixed(0)} ms; goal <= ${GOAL * 100} % ${share <= GOAL ? "met" : "MISSED"}`,
  );
  process.exitCode = share <= GOAL ? 0 : 1;
  await measurePreviews(world);
} finally {
  await close();
}

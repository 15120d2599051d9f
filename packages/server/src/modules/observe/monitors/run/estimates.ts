import type { MonitorInput } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import { expectedFalseAlarms, type Traffic } from "../core/false-alarms.ts";
import { readRanges } from "../reads/read-ranges.ts";
import { createSumsStore } from "../reads/sums-store.ts";
import { createMonitorStore, type MonitorRow } from "../stores/monitor-store.ts";
import type { MonitorDeps } from "./deps.ts";
import { measureOf, meterFor } from "./subject.ts";

type Deps = Pick<MonitorDeps, "db" | "columnar" | "clock">;
type Config = Pick<
  MonitorInput,
  "source" | "condition" | "windowSeconds" | "everySeconds" | "holdFor" | "recoverAfterSeconds" | "onNoData"
>;
type Enabled = readonly { readonly row: MonitorRow }[];

const DAYS = 7;
/** Estimates are made again after this time, for a few monitors at a time. */
const REFRESH_MS = DAY_MS;
const MOST_PER_ROUND = 4;

/** How many false alarms to expect of a monitor, by the traffic of the last seven days. */
export function createEstimates({ db, columnar, clock }: Deps) {
  const estimatedAt = new Map<string, number>();

  const estimate = (projectId: string, config: Config, signal: AbortSignal) =>
    estimateAlarms({ columnar, clock }, projectId, { config, signal });
  return {
    estimate,
    /** Stores new estimates of monitors whose estimate is a day old. */
    async refresh(projectId: string, enabled: Enabled, signal: AbortSignal): Promise<void> {
      const now = clock.now();
      const old = enabled.filter(
        ({ row }) => Math.abs(now - (estimatedAt.get(row.id) ?? row.updatedAt.getTime())) >= REFRESH_MS,
      );
      for (const { row } of old.slice(0, MOST_PER_ROUND)) {
        estimatedAt.set(row.id, now);
        const alarms = await estimate(projectId, row.config, signal);
        await createMonitorStore(db).setEstimate(projectId, row.id, { alarms, at: new Date(now) });
      }
    },
  };
}
async function estimateAlarms(
  { columnar, clock }: Pick<Deps, "columnar" | "clock">,
  projectId: string,
  { config, signal }: { readonly config: Config; readonly signal: AbortSignal },
): Promise<number | null> {
  const sums = createSumsStore(columnar);
  const measured = measureOf(config);
  if (measured === null) return null;
  const meter = meterFor(measured, config);
  const { filter, groupBy, seriesLimit } = measured;
  const to = clock.now();
  const from = to - DAYS * DAY_MS;
  const names =
    groupBy === null
      ? []
      : await sums.listGroups(projectId, { filter, groupBy }, { from, to, limit: seriesLimit, signal });
  const source = { filter, groupBy, names, score: meter.score };
  const range = { source, meter, from, to, bucketMs: to - from };
  const read = (await readRanges(sums, projectId, { ranges: [range], signal })).get(range);
  if (read === undefined || "error" in read) return null;
  const traffic = read.parts.map((part): Traffic => ({ reading: meter.toReading(part.sums), seconds: DAYS * 86_400 }));
  return expectedFalseAlarms(config, traffic);
}

export type Estimates = ReturnType<typeof createEstimates>;

import type { Monitor, MonitorInput, MonitorPreview, MonitorSummary } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { notFound } from "../../../kernel/errors.ts";
import { cutPage, fromCursor, fromTimeCursor, toCursor, toPage } from "../../../kernel/pages.ts";
import { type Scope, systemScope } from "../../../kernel/scope.ts";
import { createMonitorChanges } from "./changes.ts";
import { checkInput } from "./check-input.ts";
import { monitorKey, seriesKey, toMonitor, toSeries } from "./present.ts";
import type { MonitorDeps } from "./run/deps.ts";
import { createEstimates } from "./run/estimates.ts";
import { createMonitorJob } from "./run/evaluate-monitors.ts";
import { createPreviews } from "./run/preview.ts";
import { createMonitorStore, type MonitorWithState } from "./stores/monitor-store.ts";
import { createPointStore } from "./stores/point-store.ts";
import { createTransitionStore, toTransition } from "./stores/transition-store.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };
type Series = { readonly series?: string | undefined };
type Times = { readonly from?: string | undefined; readonly to?: string | undefined };
type Search = { readonly q?: string | undefined; readonly state?: Monitor["state"] | undefined };

/** Watches values of a project: conditions over spans and SQL, with a state for each series. */
export function createMonitors(deps: MonitorDeps) {
  const { db } = deps;
  const store = createMonitorStore(db);
  const job = createMonitorJob(deps);
  const preview = createPreviews(deps);
  return {
    ...createMonitorChanges(deps, { follow: job.follow, estimate: createEstimates(deps).estimate }),
    ...createHistory(deps),
    ...createReads(deps),
    /** Evaluates all monitors of a project whose windows have ended. */
    evaluateDue: job.evaluateDue,

    /** Queues the job of each project with an enabled monitor. */
    async start(): Promise<void> {
      for (const projectId of await store.listProjects())
        await db.transaction((tx) => job.follow(systemScope(projectId), tx));
    },

    preview({ projectId }: Scope, input: MonitorInput, signal: AbortSignal): Promise<MonitorPreview> {
      checkInput(input);
      return preview({ projectId, input, signal });
    },
  };
}
export type Monitors = ReturnType<typeof createMonitors>;

const isMatch =
  ({ q = "", state }: Search) =>
  (monitor: Monitor): boolean =>
    monitor.name.toLowerCase().includes(q.trim().toLowerCase()) && (state === undefined || monitor.state === state);

function summaryOf(all: readonly MonitorWithState[]): MonitorSummary {
  const enabled = all.filter(({ row }) => row.isEnabled);
  const known = enabled.flatMap(({ state }) => state.expectedFalseAlarms ?? []);
  const firing = enabled.flatMap(({ state }) => Object.values(state.series)).filter(({ state }) => state === "firing");
  return {
    monitors: all.length,
    firing: firing.length,
    expectedFalseAlarms: known.reduce((sum, alarms) => sum + alarms, 0),
    unknown: enabled.length - known.length,
  };
}

type FiringMonitor = { readonly monitorId: string; readonly name: string; readonly incidentId: string | null };

function createReads(deps: MonitorDeps) {
  const { clock } = deps;
  const store = createMonitorStore(deps.db);
  return {
    async list({ projectId }: Scope, { q, state, ...page }: Page & Search) {
      const all = (await store.list(projectId)).map((monitor) => toMonitor(monitor, clock.now()));
      return cutPage(all.filter(isMatch({ q, state })), page, monitorKey);
    },

    async get(scope: Scope, monitorId: string): Promise<Monitor> {
      return toMonitor(await findMonitor(deps, scope, monitorId), clock.now());
    },

    async summarize({ projectId }: Scope): Promise<MonitorSummary> {
      return summaryOf(await store.list(projectId));
    },

    /** The monitors of a list that fire now, with the incident of one series. For modules that stop while something is wrong. */
    async listFiring({ projectId }: Scope, monitorIds: readonly string[]): Promise<FiringMonitor[]> {
      const wanted = new Set(monitorIds);
      const enabled = (await store.list(projectId)).filter(({ row }) => wanted.has(row.id) && row.isEnabled);
      return enabled.flatMap(({ row, state }) => {
        const firing = Object.values(state.series).find((series) => series.state === "firing");
        return firing ? [{ monitorId: row.id, name: row.name, incidentId: firing.incidentId }] : [];
      });
    },
  };
}

async function findMonitor({ db }: Pick<MonitorDeps, "db">, scope: Scope, monitorId: string) {
  const monitor = await createMonitorStore(db).find(scope.projectId, monitorId);
  if (!monitor) throw notFound("monitor", monitorId);
  return monitor;
}

/** What the series of a monitor have shown. */
function createHistory(deps: MonitorDeps) {
  const transitions = createTransitionStore(deps.db);
  return {
    async listSeries(scope: Scope, monitorId: string, page: Page) {
      const { state } = await findMonitor(deps, scope, monitorId);
      return cutPage(Object.entries(state.series).map(toSeries), page, seriesKey);
    },

    listPoints: (scope: Scope, monitorId: string, query: Page & Series & Times) =>
      listPoints(deps, scope, { monitorId, ...query }),

    async listTransitions(scope: Scope, monitorId: string, { limit, cursor, series }: Page & Series) {
      await findMonitor(deps, scope, monitorId);
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await transitions.list(scope.projectId, { monitorId, series, limit: limit + 1, before });
      const page = toPage(rows, limit, ({ at, id }) => [at.toISOString(), id]);
      return { ...page, items: page.items.map(toTransition) };
    },
  };
}

async function listPoints(
  deps: MonitorDeps,
  scope: Scope,
  { monitorId, limit, cursor, series, ...times }: Page & Series & Times & { readonly monitorId: string },
) {
  await findMonitor(deps, scope, monitorId);
  const after = cursor === undefined ? null : fromCursor(cursor, 2);
  const rows = await createPointStore(deps.columnar).list(scope.projectId, {
    monitorId,
    series,
    from: times.from === undefined ? 0 : Date.parse(times.from),
    to: times.to === undefined ? deps.clock.now() + DAY_MS : Date.parse(times.to),
    after: after && [Number(after[0]), String(after[1])],
    limit: limit + 1,
  });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return {
    items: shown,
    nextCursor: hasMore ? toCursor([Date.parse(last.at), last.series]) : null,
  };
}

import type { Monitor, MonitorInput, MonitorPatch } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { checkInput } from "./check-input.ts";
import { toMonitor } from "./present.ts";
import { isMuted, sourceOf } from "./run/commit.ts";
import type { MonitorDeps } from "./run/deps.ts";
import type { Estimates } from "./run/estimates.ts";
import type { createMonitorJob } from "./run/evaluate-monitors.ts";
import { createMonitorStore, type MonitorRow, type MonitorWithState } from "./stores/monitor-store.ts";

type Means = Pick<ReturnType<typeof createMonitorJob>, "follow"> & Pick<Estimates, "estimate">;
type Update = { readonly patch: MonitorPatch; readonly signal: AbortSignal };
type Changing = Pick<MonitorDeps, "incidents" | "clock">;

const MOST_MONITORS = 1_000;
/** Fields whose change begins the series again. */
const DEFINING = ["source", "condition", "windowSeconds", "everySeconds"] as const;

/** What changes a monitor: each one transaction with its audit entry. */
export function createMonitorChanges(deps: MonitorDeps, { follow, estimate }: Means) {
  const { db, audit, clock } = deps;
  return {
    async create(scope: Scope, input: MonitorInput, signal: AbortSignal): Promise<Monitor> {
      checkInput(input);
      const alarms = await estimate(scope.projectId, input, signal);
      return db.transaction(async (tx) => {
        const store = createMonitorStore(tx);
        await checkRoom(tx, scope);
        const row = toRow(scope, input, clock.now());
        await store.create(row, alarms);
        if (row.isEnabled) await follow(scope, tx);
        await audit.record(scope, { action: "monitor.create", target: row.id, details: { name: row.name } }, tx);
        return toMonitor(await mustFind(tx, scope, row.id), clock.now());
      });
    },

    update: (scope: Scope, monitorId: string, update: Update) =>
      updateMonitor({ ...deps, follow, estimate }, scope, { monitorId, ...update }),

    delete: (scope: Scope, monitorId: string) => deleteMonitor(deps, scope, monitorId),
  };
}

async function deleteMonitor(deps: MonitorDeps, scope: Scope, monitorId: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const store = createMonitorStore(tx);
    const current = await store.lock(scope.projectId, monitorId);
    if (!current) throw notFound("monitor", monitorId);
    await closeIncidents(deps, tx, { current, text: "The monitor was deleted." });
    await store.delete(scope.projectId, monitorId);
    const details = { name: current.row.name };
    await deps.audit.record(scope, { action: "monitor.delete", target: monitorId, details }, tx);
  });
}

async function updateMonitor(
  deps: MonitorDeps & Means,
  scope: Scope,
  { monitorId, patch, signal }: Update & { readonly monitorId: string },
): Promise<Monitor> {
  const { db, audit, clock, follow, estimate } = deps;
  const known = await mustFind(db, scope, monitorId);
  const next = inputOf(known.row, patch);
  checkInput(next);
  const alarms = isRedefined(patch) ? await estimate(scope.projectId, next, signal) : undefined;
  return db.transaction(async (tx) => {
    const store = createMonitorStore(tx);
    const current = await store.lock(scope.projectId, monitorId);
    if (!current) throw notFound("monitor", monitorId);
    await applyPatch(deps, tx, { current, patch });
    if (alarms !== undefined) {
      const at = new Date(clock.now());
      await store.setEstimate(scope.projectId, monitorId, { alarms, at });
    }
    const changed = await mustFind(tx, scope, monitorId);
    if (changed.row.isEnabled) await follow(scope, tx);
    const details = { name: changed.row.name, fields: Object.keys(patch) };
    await audit.record(scope, { action: "monitor.update", target: monitorId, details }, tx);
    return toMonitor(changed, clock.now());
  });
}

async function checkRoom(tx: Postgres, { projectId }: Scope): Promise<void> {
  if ((await createMonitorStore(tx).count(projectId)) < MOST_MONITORS) return;
  throw new AppError("unprocessable", {
    message: `A project has at most ${MOST_MONITORS} monitors. Delete one first.`,
  });
}

const isRedefined = (patch: MonitorPatch): boolean => DEFINING.some((field) => patch[field] !== undefined);

type Change = { readonly current: MonitorWithState; readonly patch: MonitorPatch };

/** Series begin again after a change of what is watched, and when a monitor is disabled or enabled. */
async function applyPatch({ incidents, clock }: Changing, tx: Postgres, { current, patch }: Change): Promise<void> {
  const { row } = current;
  const { name, isEnabled, ...config } = inputOf(row, patch);
  const restarts = isRedefined(patch) || isEnabled !== row.isEnabled;
  const store = createMonitorStore(tx);
  if (restarts) {
    const text = isEnabled ? "The monitor was changed, and begins again." : "The monitor was disabled.";
    await closeIncidents({ incidents, clock }, tx, { current, text });
    await store.resetState(row.projectId, row.id, row.revision + 1);
  }
  await store.update(row.projectId, row.id, {
    name,
    config,
    isEnabled,
    ...(patch.mutedUntil !== undefined && {
      mutedUntil: patch.mutedUntil === null ? null : new Date(patch.mutedUntil),
    }),
    revision: restarts ? row.revision + 1 : row.revision,
    updatedAt: new Date(clock.now()),
  });
}

/** An incident that nothing evaluates any more would never end. */
async function closeIncidents(
  { incidents, clock }: Changing,
  tx: Postgres,
  { current: { row, state }, text }: { readonly current: MonitorWithState; readonly text: string },
): Promise<void> {
  const at = new Date(clock.now());
  const scope = { projectId: row.projectId, actor: "system", userId: null, permissions: new Set<never>() };
  for (const [series, { isOpen }] of Object.entries(state.series))
    if (isOpen)
      await incidents.recover(tx, scope, {
        source: sourceOf({ row, series }),
        at,
        text,
        isMuted: isMuted(row, clock.now()),
      });
}

function inputOf(
  { name, isEnabled, config }: MonitorRow,
  { mutedUntil: _muted, ...patch }: MonitorPatch,
): MonitorInput {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  return { name, isEnabled, ...config, ...given };
}

async function mustFind(db: Postgres, scope: Scope, monitorId: string): Promise<MonitorWithState> {
  const monitor = await createMonitorStore(db).find(scope.projectId, monitorId);
  if (!monitor) throw notFound("monitor", monitorId);
  return monitor;
}

function toRow({ projectId, actor }: Scope, { name, isEnabled, ...config }: MonitorInput, now: number): MonitorRow {
  return {
    id: newId("mon", now),
    projectId,
    name,
    config,
    isEnabled,
    mutedUntil: null,
    revision: 1,
    createdBy: actor,
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
}

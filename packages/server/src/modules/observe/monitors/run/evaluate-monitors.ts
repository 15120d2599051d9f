import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobKind } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { lastEnd } from "../core/windows.ts";
import { createMonitorStore } from "../stores/monitor-store.ts";
import { createTransitionStore } from "../stores/transition-store.ts";
import { completeUntil, describeDelay } from "./completeness.ts";
import type { MonitorDeps } from "./deps.ts";
import { createEstimates } from "./estimates.ts";
import { createRound } from "./evaluate-round.ts";
import { followClock } from "./follow-clock.ts";
import type { Subject } from "./subject.ts";

export const EVALUATE_KIND: JobKind<object, null> = { name: "monitors", payload: z.object({}), state: z.null() };
const EVERY_SECONDS = 30;
/** Projects whose monitors are evaluated at the same time. */
const CONCURRENCY = 2;
const TRANSITION_DAYS = 365;

/** The job of a project that evaluates its monitors whose windows have ended. */
export function createMonitorJob(deps: MonitorDeps) {
  const evaluateDue = createEvaluation(deps);
  deps.jobs.register(EVALUATE_KIND, {
    concurrency: CONCURRENCY,
    async run({ scope, signal }) {
      await evaluateDue(scope.projectId, signal);
      return null;
    },
  });
  return {
    evaluateDue,
    /** Queues the job of the project, unless it is there. */
    follow: (scope: Scope, tx: Postgres) =>
      deps.jobs.send(tx, scope, {
        kind: EVALUATE_KIND,
        payload: {},
        title: "Evaluate monitors",
        key: "monitors",
        everySeconds: EVERY_SECONDS,
      }),
  };
}

function createEvaluation(deps: MonitorDeps) {
  const { db, clock, log } = deps;
  const store = createMonitorStore(db);
  const round = createRound(deps);
  const estimates = createEstimates(deps);
  const cleaned = new Map<string, number>();

  return async function evaluateDue(projectId: string, signal: AbortSignal): Promise<void> {
    const status = deps.spool.status();
    const delay = describeDelay(status);
    const before = await store.listEnabled(projectId);
    const isSetBack = await followClock(db, projectId, { enabled: before, now: clock.now() });
    const enabled = isSetBack ? await store.listEnabled(projectId) : before;
    await noteDelay(store, projectId, { enabled, delay });
    const subjects = await listDue(store, enabled, completeUntil(clock.now(), status));
    await round(projectId, subjects, signal);
    await estimates.refresh(projectId, enabled, signal).catch((error) => {
      signal.throwIfAborted();
      log.warn({ error }, "the false alarms of a monitor were not estimated");
    });
    if (clock.now() - (cleaned.get(projectId) ?? 0) < DAY_MS) return;
    cleaned.set(projectId, clock.now());
    await createTransitionStore(db).deleteBefore(projectId, new Date(clock.now() - TRANSITION_DAYS * DAY_MS));
  };
}

type Enabled = Awaited<ReturnType<ReturnType<typeof createMonitorStore>["listEnabled"]>>;

/** The monitors with a window that has ended and was not evaluated. */
async function listDue(
  store: ReturnType<typeof createMonitorStore>,
  enabled: Enabled,
  until: number,
): Promise<Subject[]> {
  const due = enabled.flatMap(({ row, windowEnd }) => {
    const end = lastEnd(row.config, until);
    return end > (windowEnd?.getTime() ?? 0) ? [{ row, end }] : [];
  });
  const ids = due.map(({ row }) => row.id);
  const states = await store.listStates(due[0]?.row.projectId ?? "", ids);
  const byId = new Map(states.map((state) => [state.monitorId, state]));
  return due.flatMap(({ row, end }): Subject[] => {
    const state = byId.get(row.id);
    return state?.revision === row.revision ? [{ row, state, plan: row.config, end }] : [];
  });
}

const DELAYED = /^[\d,]+ received rows? waits? to be stored/;

/** Late data is neither missing data nor an error: states stay, and the monitors say why. */
async function noteDelay(
  store: ReturnType<typeof createMonitorStore>,
  projectId: string,
  { enabled, delay }: { readonly enabled: Enabled; readonly delay: string },
): Promise<void> {
  const isDelayed = (lastError: string) => DELAYED.test(lastError);
  const changed = enabled.filter(({ lastError }) =>
    delay === "" ? isDelayed(lastError) : lastError !== delay && (lastError === "" || isDelayed(lastError)),
  );
  await store.setLastError(
    projectId,
    changed.map(({ row }) => row.id),
    delay,
  );
}

import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobKind } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { lastEnd } from "../core/windows.ts";
import { createSeriesNames } from "../reads/series-names.ts";
import { createSumsStore } from "../reads/sums-store.ts";
import { createWindowReader } from "../reads/window-reader.ts";
import { createMonitorStore } from "../stores/monitor-store.ts";
import { createPointStore } from "../stores/point-store.ts";
import { createTransitionStore } from "../stores/transition-store.ts";
import { createBaselines } from "./baselines.ts";
import { commitOutcomes } from "./commit.ts";
import { completeUntil, describeDelay } from "./completeness.ts";
import type { MonitorDeps } from "./deps.ts";
import { createEstimates } from "./estimates.ts";
import { evaluateSubject, type Outcome } from "./evaluate-subject.ts";
import { createMeasureReader, observeSql } from "./read-subjects.ts";
import { messageForPeople, type Observed, type Subject } from "./subject.ts";

export const EVALUATE_KIND: JobKind<object, null> = { name: "monitors", payload: z.object({}), state: z.null() };
const EVERY_SECONDS = 30;
/** Projects whose monitors are evaluated at the same time. */
const CONCURRENCY = 2;
const TRANSITION_DAYS = 365;
/** How long a round of a project runs statements of monitors. */
const SQL_ROUND_MS = 20_000;

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
    const enabled = await store.listEnabled(projectId);
    await noteDelay(store, projectId, { enabled, delay });
    const until = completeUntil(clock.now(), status);
    const due = enabled.flatMap(({ row, windowEnd }) => {
      const end = lastEnd(row.config, until);
      return end > (windowEnd?.getTime() ?? 0) ? [{ row, end }] : [];
    });
    const states = await store.listStates(
      projectId,
      due.map(({ row }) => row.id),
    );
    const byId = new Map(states.map((state) => [state.monitorId, state]));
    const subjects = due.flatMap(({ row, end }): Subject[] => {
      const state = byId.get(row.id);
      return state?.revision === row.revision ? [{ row, state, plan: row.config, end }] : [];
    });
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

const byAge = (one: Subject, other: Subject): number =>
  (one.state.windowEnd?.getTime() ?? 0) - (other.state.windowEnd?.getTime() ?? 0);

/** Reads, evaluates and stores. Monitors with SQL come last and one by one, so that a slow one delays no others. */
function createRound(deps: MonitorDeps) {
  const { db, columnar, log } = deps;
  const sums = createSumsStore(columnar);
  const readMeasures = createMeasureReader({
    windows: createWindowReader(sums),
    namesOf: createSeriesNames(sums),
    log,
  });
  const baselines = createBaselines({ sums, transitions: createTransitionStore(db) });
  const points = createPointStore(columnar);

  async function store(projectId: string, outcomes: readonly Outcome[]): Promise<void> {
    const rows = await commitOutcomes(deps, projectId, outcomes);
    // Only charts need the points. The state is stored already.
    await points
      .add(projectId, rows)
      .catch((error) => log.warn({ error }, "the evaluations of monitors were not stored"));
  }

  async function evaluate(
    subject: Subject,
    observed: Observed | { readonly error: string },
    look: { readonly baselinesOf: ReturnType<typeof baselines.beginRound>; readonly signal: AbortSignal },
  ): Promise<Outcome | null> {
    const { signal } = look;
    const none = new Map();
    if ("error" in observed || subject.plan.condition.kind !== "change")
      return evaluateSubject(subject, { observed, baselines: none });
    try {
      const learned = await look.baselinesOf(subject, { names: observed.names ?? [], signal });
      return learned && evaluateSubject(subject, { observed, baselines: learned });
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ error, monitorId: subject.row.id }, "the past of a monitor was not read");
      return evaluateSubject(subject, { observed: { error: messageForPeople(error) }, baselines: none });
    }
  }

  return async function round(projectId: string, subjects: readonly Subject[], signal: AbortSignal): Promise<void> {
    const measured = subjects.filter(({ row }) => row.config.source.kind === "measure");
    const read = await readMeasures(projectId, measured, signal);
    const look = { baselinesOf: baselines.beginRound(), signal };
    const outcomes: Outcome[] = [];
    for (const [subject, observed] of read) {
      const outcome = await evaluate(subject, observed, look);
      if (outcome) outcomes.push(outcome);
    }
    await store(projectId, outcomes);
    const startedAt = deps.clock.elapsed();
    for (const subject of subjects.filter(({ row }) => row.config.source.kind === "sql").sort(byAge)) {
      signal.throwIfAborted();
      // The rest is evaluated in the next round, the oldest first.
      if (deps.clock.elapsed() - startedAt > SQL_ROUND_MS) return;
      const observed = await observeSql(deps, subject, signal);
      if (observed !== "later") await store(projectId, [evaluateSubject(subject, { observed, baselines: new Map() })]);
    }
  };
}

import { createSeriesNames } from "../reads/series-names.ts";
import { createSumsStore } from "../reads/sums-store.ts";
import { createWindowReader } from "../reads/window-reader.ts";
import { createPointStore } from "../stores/point-store.ts";
import { createTransitionStore } from "../stores/transition-store.ts";
import { type BaselinesOf, createBaselines } from "./baselines.ts";
import { commitOutcomes } from "./commit.ts";
import type { MonitorDeps } from "./deps.ts";
import { evaluateSubject, type Outcome } from "./evaluate-subject.ts";
import { createSqlReader } from "./read-sql-windows.ts";
import { createMeasureReader } from "./read-subjects.ts";
import { messageForPeople, type Observed, type Subject } from "./subject.ts";

/** How long a round of a project runs statements of monitors. */
const SQL_ROUND_MS = 20_000;

const byAge = (one: Subject, other: Subject): number =>
  (one.state.windowEnd?.getTime() ?? 0) - (other.state.windowEnd?.getTime() ?? 0);

/** Reads, evaluates and stores. Monitors with SQL come last and one by one, so that a slow one delays no others. */
export function createRound(deps: MonitorDeps) {
  const { db, columnar, log } = deps;
  const sums = createSumsStore(columnar);
  const windows = createWindowReader(sums);
  const readMeasures = createMeasureReader({ windows, namesOf: createSeriesNames(sums), log });
  const observeSql = createSqlReader(deps);
  const baselines = createBaselines({ sums, transitions: createTransitionStore(db) });
  return async function round(projectId: string, subjects: readonly Subject[], signal: AbortSignal): Promise<void> {
    const measured = subjects.filter(({ row }) => row.config.source.kind === "measure");
    const read = await readMeasures(projectId, measured, signal);
    const look = { baselinesOf: baselines.beginRound(), signal, log };
    const outcomes: Outcome[] = [];
    for (const [subject, observed] of read) {
      const outcome = await evaluateMeasure(subject, observed, look);
      if (outcome) outcomes.push(outcome);
    }
    await storeOutcomes(deps, projectId, outcomes);
    const withSql = subjects.filter(({ row }) => row.config.source.kind === "sql");
    await evaluateSql(deps, withSql, { observeSql, signal });
  };
}

type SqlLook = { readonly observeSql: ReturnType<typeof createSqlReader>; readonly signal: AbortSignal };

async function evaluateSql(
  deps: MonitorDeps,
  subjects: readonly Subject[],
  { observeSql, signal }: SqlLook,
): Promise<void> {
  const startedAt = deps.clock.elapsed();
  for (const subject of subjects.toSorted(byAge)) {
    signal.throwIfAborted();
    // The rest is evaluated in the next round, the oldest first.
    if (deps.clock.elapsed() - startedAt > SQL_ROUND_MS) return;
    const observed = await observeSql(subject, signal);
    if (observed === "later") continue;
    await storeOutcomes(deps, subject.row.projectId, [evaluateSubject(subject, { observed, baselines: new Map() })]);
  }
}

async function storeOutcomes(deps: MonitorDeps, projectId: string, outcomes: readonly Outcome[]): Promise<void> {
  const rows = await commitOutcomes(deps, projectId, outcomes);
  // Only charts need the points. The state is stored already.
  await createPointStore(deps.columnar)
    .add(projectId, rows)
    .catch((error) => deps.log.warn({ error }, "the evaluations of monitors were not stored"));
}

type Look = {
  readonly baselinesOf: BaselinesOf;
  readonly signal: AbortSignal;
  readonly log: MonitorDeps["log"];
};

/** Null if the past of the monitor is read in a later round. */
async function evaluateMeasure(
  subject: Subject,
  observed: Observed | { readonly error: string },
  { baselinesOf, signal, log }: Look,
): Promise<Outcome | null> {
  const none = new Map();
  if ("error" in observed || subject.plan.condition.kind !== "change")
    return evaluateSubject(subject, { observed, baselines: none });
  try {
    const learned = await baselinesOf(subject, { names: observed.names ?? [], signal });
    return learned && evaluateSubject(subject, { observed, baselines: learned });
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ error, monitorId: subject.row.id }, "the past of a monitor was not read");
    return evaluateSubject(subject, { observed: { error: messageForPeople(error) }, baselines: none });
  }
}

import { newId } from "../../../../kernel/ids.ts";
import { systemScope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { IncidentOpening } from "../../incidents/index.ts";
import type { Step } from "../core/series-state.ts";
import { windowLengthsOf } from "../core/windows.ts";
import { type EvaluatedState, saveStates } from "../stores/evaluation-store.ts";
import { createMonitorStore } from "../stores/monitor-store.ts";
import type { PointRow } from "../stores/point-store.ts";
import { createTransitionStore, type TransitionRow } from "../stores/transition-store.ts";
import { announceStep } from "./announce-step.ts";
import type { MonitorDeps } from "./deps.ts";
import type { Outcome } from "./evaluate-subject.ts";
import { describeStep, factsOf, filterOf, type Told, titleOf } from "./messages.ts";

type Deps = Pick<MonitorDeps, "db" | "incidents" | "announce" | "clock">;

/** A point of a series that stays ok is stored this often. All other points are stored. */
const POINT_MS = 300_000;

const isLoud = ({ steps }: Outcome): boolean =>
  [...steps.values()].some(({ transition, effect, notices }) => transition || effect || notices.length > 0);

/**
 * Stores evaluations. A monitor with a transition has its own transaction: state, history, incident and notice are stored together or
 * not at all. All others are stored with one statement. Gives the points to store.
 */
export async function commitOutcomes(
  deps: Deps,
  projectId: string,
  outcomes: readonly Outcome[],
): Promise<readonly PointRow[]> {
  const quiet = outcomes.filter((outcome) => !isLoud(outcome));
  const states = new Map(quiet.map((outcome) => [outcome, toState(outcome, outcome.steps, deps.clock.now())]));
  const saved = await saveStates(deps.db, projectId, [...states.values()]);
  const points = quiet.filter(({ subject }) => saved.has(subject.row.id)).flatMap(pointsOf);
  for (const outcome of outcomes.filter(isLoud)) {
    const isSaved = await deps.db.transaction((tx) => commitLoud(deps, tx, outcome));
    if (isSaved) points.push(...pointsOf(outcome));
  }
  return points;
}

/** False if the monitor was changed, or another process has evaluated the window. */
async function commitLoud(deps: Deps, tx: Postgres, outcome: Outcome): Promise<boolean> {
  const { row, end } = outcome.subject;
  const current = await createMonitorStore(tx).lock(row.projectId, row.id);
  const isCurrent =
    current?.row.isEnabled && current.row.revision === row.revision && (current.state.windowEnd?.getTime() ?? 0) < end;
  if (!isCurrent) return false;
  const steps = new Map<string, Step>();
  const transitions: TransitionRow[] = [];
  for (const [series, step] of outcome.steps) {
    const told = { row: current.row, series, step };
    const before = outcome.subject.state.series[series]?.incidentId ?? null;
    const incidentId = await applyEffect(deps, tx, { ...told, end, before });
    const next = { ...step, memory: { ...step.memory, incidentId: step.memory.isOpen ? incidentId : null } };
    steps.set(series, next);
    if (step.transition) transitions.push(toTransitionRow({ ...told, step: next }, incidentId));
    if (!isMuted(current.row, deps.clock.now())) await announceStep(deps.announce, tx, told);
  }
  await createTransitionStore(tx).add(transitions);
  await saveStates(tx, row.projectId, [toState(outcome, steps, deps.clock.now())]);
  return true;
}

export const isMuted = ({ mutedUntil }: { readonly mutedUntil: Date | null }, now: number): boolean =>
  mutedUntil !== null && mutedUntil.getTime() > now;

export const sourceOf = ({ row, series }: Pick<Told, "row" | "series">) => ({
  kind: "monitor" as const,
  id: row.id,
  name: row.name,
  series,
});

/** Opens, escalates or resolves the incident of a series. Gives the id of the incident that the series has, or had. */
async function applyEffect(
  { incidents, clock }: Deps,
  tx: Postgres,
  { end, before, ...told }: Told & { readonly end: number; readonly before: string | null },
): Promise<string | null> {
  const { row, step } = told;
  const { memory, effect } = step;
  const silent = isMuted(row, clock.now()) || memory.flappingSince !== null;
  const scope = systemScope(row.projectId);
  if (effect === "recover") {
    const text = describeStep(told);
    await incidents.recover(tx, scope, { source: sourceOf(told), at: new Date(end), text, isMuted: silent });
    return before;
  }
  if (effect !== "open") return before;
  return incidents.open(tx, scope, toOpening(told, { end, isMuted: silent }));
}

function toOpening(told: Told, { end, isMuted }: { readonly end: number; readonly isMuted: boolean }): IncidentOpening {
  const { row, step } = told;
  const { memory } = step;
  const seconds = Math.min(...windowLengthsOf(row.config));
  const { source } = row.config;
  return {
    source: sourceOf(told),
    severity: memory.severity ?? "warning",
    title: titleOf(told),
    text: describeStep(told),
    from: new Date((memory.openedAt ?? end) - seconds * 1_000),
    at: new Date(end),
    filter: filterOf(told),
    measure: source.kind === "measure" ? source.measure : null,
    facts: factsOf(told),
    labels: row.config.labels,
    runbookUrl: row.config.runbookUrl,
    reopenWithinMs: row.config.reopenWithinSeconds * 1_000,
    isMuted,
  };
}

function toTransitionRow(told: Told, incidentId: string | null): TransitionRow {
  const { row, series, step } = told;
  const { memory, transition } = step;
  if (transition === null || memory.point === null) throw new Error("A step without a transition has no history.");
  return {
    id: newId("mtr"),
    projectId: row.projectId,
    monitorId: row.id,
    series,
    fromState: transition.from,
    toState: transition.to,
    severity: transition.severity,
    at: new Date(memory.end),
    point: memory.point,
    incidentId,
    isOpen: memory.isOpen,
    message: describeStep(told),
  };
}

function toState({ subject, removed, lastError }: Outcome, steps: Outcome["steps"], now: number): EvaluatedState {
  const { row, end } = subject;
  const series = [...steps]
    .filter(([name]) => !removed.has(name))
    .map(([name, step]) => [name, { ...step.memory, storedAt: isStored(step) ? end : step.memory.storedAt }]);
  return {
    monitorId: row.id,
    revision: row.revision,
    windowEnd: end,
    series: Object.fromEntries(series),
    lastError,
    evaluatedAt: now,
  };
}

const isStored = ({ memory, transition }: Step): boolean =>
  transition !== null || memory.state !== "ok" || memory.end - memory.storedAt >= POINT_MS;

function pointsOf({ subject, steps }: Outcome): PointRow[] {
  return [...steps].flatMap(([series, step]) =>
    isStored(step) && step.memory.point ? [{ monitorId: subject.row.id, series, point: step.memory.point }] : [],
  );
}

import type { MonitorInput, MonitorPoint, SeriesState, Severity } from "@treadle/contract";
import { followFlapping } from "./flapping.ts";

export type Point = Omit<MonitorPoint, "at" | "state">;

/** What one evaluation of a series has shown. */
export type Evaluation = {
  /** The end of the window, in milliseconds since 1970. It identifies the evaluation. */
  readonly end: number;
  readonly kind: "value" | "no-data" | "error";
  /** The highest severity whose condition holds. Null if none does. */
  readonly severity: Severity | null;
  /** Whether the value has passed the recovery threshold. */
  readonly isGood: boolean;
  readonly point: Point;
  /** The evidence of a change so far. */
  readonly detector: number;
};

export type SeriesRules = Pick<MonitorInput, "holdFor" | "recoverAfterSeconds" | "onNoData">;

/** All that the next evaluation of a series needs. Stored as JSON. */
export type SeriesMemory = {
  readonly state: SeriesState;
  readonly severity: Severity | null;
  readonly since: number;
  /** The end of the last evaluated window. */
  readonly end: number;
  /** The urgency of the last evaluations, as far as `holdFor` looks back. */
  readonly ranks: readonly number[];
  readonly goodSince: number | null;
  /** Whether an incident is open, whatever the state is: missing data does not close it. */
  readonly isOpen: boolean;
  readonly incidentId: string | null;
  readonly openedAt: number | null;
  readonly detector: number;
  /** The times of recent changes, for flapping. */
  readonly changes: readonly number[];
  readonly flappingSince: number | null;
  /** Consecutive failed evaluations. */
  readonly errors: number;
  /** The end of the last window with data. */
  readonly dataAt: number;
  readonly point: MonitorPoint | null;
  /** When a point was last stored. */
  readonly storedAt: number;
};

/** The memory of each series by its name. */
export type SeriesMap = Readonly<Record<string, SeriesMemory>>;

export type SeriesTransition = {
  readonly from: SeriesState;
  readonly to: SeriesState;
  readonly severity: Severity | null;
};
/** What people hear of, besides incidents. */
export type SeriesNotice = "no-data" | "error" | "flapping" | "stable";
export type Step = {
  readonly memory: SeriesMemory;
  readonly transition: SeriesTransition | null;
  readonly effect: "open" | "recover" | null;
  readonly notices: readonly SeriesNotice[];
};

const RANKS: Readonly<Record<Severity, number>> = { info: 1, warning: 2, critical: 3 };
const SEVERITIES: readonly (Severity | null)[] = [null, "info", "warning", "critical"];
const rankOf = (severity: Severity | null) => (severity === null ? 0 : RANKS[severity]);
/** A failure is announced when it has persisted for so many evaluations. */
const PERSISTENT_ERRORS = 3;

export const newSeries = (since: number): SeriesMemory => ({
  state: "ok",
  severity: null,
  since,
  end: 0,
  ranks: [],
  goodSince: null,
  isOpen: false,
  incidentId: null,
  openedAt: null,
  detector: 0,
  changes: [],
  flappingSince: null,
  errors: 0,
  dataAt: 0,
  point: null,
  storedAt: 0,
});

/**
 * The state of a series after one more evaluation, and what follows from it. A window that was evaluated before, or lies before
 * one that was, changes nothing.
 */
export function advance(memory: SeriesMemory, evaluation: Evaluation, rules: SeriesRules): Step {
  const { end, kind, point } = evaluation;
  if (end <= memory.end) return { memory, transition: null, effect: null, notices: [] };
  const next = nextOf(memory, evaluation, rules);
  const effect = effectOf(memory, next);
  const isMoved = next.state !== memory.state || effect === "open";
  const flapping = followFlapping(memory, { end, isCounted: isMoved && isAlternation(memory, next) });
  const errors = kind === "error" ? memory.errors + 1 : 0;
  return {
    memory: {
      ...memory,
      ...next,
      since: isMoved ? end : memory.since,
      end,
      incidentId: next.isOpen ? memory.incidentId : null,
      openedAt: next.isOpen ? (memory.openedAt ?? end) : null,
      detector: effect === "recover" ? 0 : evaluation.detector,
      changes: flapping.changes,
      flappingSince: flapping.flappingSince,
      errors,
      dataAt: kind === "value" && point.n > 0 ? end : memory.dataAt,
      point: { at: new Date(end).toISOString(), ...point, state: next.state },
    },
    transition: isMoved ? transitionOf(memory, next) : null,
    effect,
    notices: [...noticesOf({ memory, next, errors }, rules), ...(flapping.notice === null ? [] : [flapping.notice])],
  };
}

const transitionOf = (memory: SeriesMemory, next: Next): SeriesTransition => ({
  from: memory.state,
  to: next.state,
  severity: next.severity ?? memory.severity,
});

function noticesOf(
  { memory, next, errors }: { readonly memory: SeriesMemory; readonly next: Next; readonly errors: number },
  { onNoData }: SeriesRules,
): SeriesNotice[] {
  if (errors === PERSISTENT_ERRORS) return ["error"];
  return next.state === "no-data" && memory.state !== "no-data" && onNoData === "notify" ? ["no-data"] : [];
}

type Next = Pick<SeriesMemory, "state" | "severity" | "ranks" | "goodSince" | "isOpen">;

function nextOf(memory: SeriesMemory, evaluation: Evaluation, rules: SeriesRules): Next {
  const { state, severity, ranks, goodSince, isOpen } = memory;
  if (evaluation.kind === "error") return { state: "error", severity, ranks, goodSince: null, isOpen };
  if (evaluation.kind === "no-data" && rules.onNoData === "keep") return { state, severity, ranks, goodSince, isOpen };
  if (evaluation.kind === "no-data" && rules.onNoData !== "ok")
    return { state: "no-data", severity, ranks: [], goodSince: null, isOpen };
  return isOpen ? nextOfOpen(memory, evaluation, rules) : nextOfClosed(memory, evaluation, rules);
}

function nextOfClosed({ ranks: before }: SeriesMemory, { severity }: Evaluation, { holdFor }: SeriesRules): Next {
  const ranks = [...before, rankOf(severity)].slice(-holdFor.of);
  const held = heldSeverity(ranks, holdFor.needed);
  if (held !== null) return { state: "firing", severity: held, ranks, goodSince: null, isOpen: true };
  const state = ranks.some((rank) => rank > 0) ? "pending" : "ok";
  return { state, severity: null, ranks, goodSince: null, isOpen: false };
}

function nextOfOpen(memory: SeriesMemory, { severity, isGood, end }: Evaluation, rules: SeriesRules): Next {
  const ranks = [...memory.ranks, rankOf(severity)].slice(-rules.holdFor.of);
  const held = heldSeverity(ranks, rules.holdFor.needed);
  const highest = SEVERITIES[Math.max(rankOf(memory.severity), rankOf(held))] ?? null;
  if (severity !== null || !isGood) return { state: "firing", severity: highest, ranks, goodSince: null, isOpen: true };
  const goodSince = memory.goodSince ?? end;
  if (end - goodSince >= rules.recoverAfterSeconds * 1_000)
    return { state: "ok", severity: null, ranks: [], goodSince: null, isOpen: false };
  return { state: "recovering", severity: highest, ranks, goodSince, isOpen: true };
}

/** The highest severity that enough of the last evaluations reach. */
function heldSeverity(ranks: readonly number[], needed: number): Severity | null {
  const sorted = ranks.toSorted((one, other) => other - one);
  return SEVERITIES[sorted[needed - 1] ?? 0] ?? null;
}

function effectOf(before: SeriesMemory, next: Next): Step["effect"] {
  if (next.isOpen && (!before.isOpen || rankOf(next.severity) > rankOf(before.severity))) return "open";
  return before.isOpen && !next.isOpen ? "recover" : null;
}

/** Opening, closing and losing data count as flapping; waiting to fire, recovering and escalating do not. */
const isAlternation = (before: SeriesMemory, next: Next): boolean =>
  before.isOpen !== next.isOpen || isWithoutValue(before.state) !== isWithoutValue(next.state);
const isWithoutValue = (state: SeriesState) => state === "no-data" || state === "error";

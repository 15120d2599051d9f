import type { Endpoint, RolloutEvidence, RolloutGuardrail } from "@treadle/contract";
import { type CovariateSums, LEAST_UNITS } from "@treadle/metrics";
import { scoresOf } from "../../../observe/traces/index.ts";
import { type ArmCounts, type Arms, keyOf, NO_COUNTS, withBudget } from "../../comparisons/index.ts";
import type { StageCounts } from "../evidence/counts.ts";
import { listWaiting } from "../evidence/list-waiting.ts";
import { controlPartOf, type Plan } from "../evidence/plan.ts";
import { type StageView, weighStage } from "../evidence/weigh-stage.ts";
import {
  type CountStore,
  createCountStore,
  type DividedUnits,
  type LeftOutCounts,
  type UnitCounts,
} from "../stores/count-store.ts";
import { type PastUnits, REQUESTS } from "../stores/past-store.ts";
import type { RolloutRow } from "../stores/rollout-store.ts";
import type { Window } from "../stores/window.ts";
import type { RolloutDeps } from "./deps.ts";
import { createPasts } from "./read-past.ts";

export type Look = { readonly view: StageView; readonly counts: StageCounts; readonly evidence: RolloutEvidence };

/** A span is stored when its call is over: younger ones are not all there, and the quick ones would be counted first. */
const SETTLED_MS = 5_000;
/** The same for the division of units, which a slow arm would bend. */
const DIVIDED_MS = 60_000;
const SCORES = scoresOf({ where: "name = {score:String}" });

/** Reads what the stage of a rollout has shown, and weighs it. Changes nothing. */
export function createLook({ columnar, clock, log }: Pick<RolloutDeps, "columnar" | "clock" | "log">) {
  const store = createCountStore(columnar);
  const readPast = createPasts({ columnar, clock, log });
  return {
    async look(row: RolloutRow, endpoint: Pick<Endpoint, "variants">, signal: AbortSignal): Promise<Look> {
      const viewed = viewOf(row, endpoint, clock.now());
      const { view, window } = viewed;
      const past = await readPast(row, view.plan.guardrails);
      const counts = await readCounts(store, { ...viewed, past }, signal);
      const weighed = weighStage(view, counts);
      const waitingFor = listWaiting({ ...view, stageStartedAt: window.from }, weighed);
      return { view, counts, evidence: { ...weighed, waitingFor } };
    },

    /** The candidate's requests since those of the last evaluation and 30 seconds before them, within the stage. */
    listRecent(row: RolloutRow, endpoint: Pick<Endpoint, "variants">, signal: AbortSignal) {
      const now = clock.now();
      const { window } = viewOf(row, endpoint, now);
      const since = Math.min(row.evaluatedAt?.getTime() ?? now, now) - RECENT_MS;
      return store.listRecent({ ...window, from: Math.max(window.from, since), until: now - RUNNING_MS }, signal);
    },
  };
}
/**
 * Calls are stored when they end, and failures end first. So the newest calls are not judged: of them, only the failures
 * would be seen.
 */
const RUNNING_MS = 10_000;
const RECENT_MS = 120_000 + RUNNING_MS;

function viewOf(row: RolloutRow, { variants }: Pick<Endpoint, "variants">, now: number): Viewed {
  const stage = row.stage ?? 0;
  const plan: Plan = { ...row.plan, guardrails: row.plan.guardrails.map(measured(row)) };
  const controlPart = controlPartOf(variants, plan.control);
  const from = row.stageStartedAt?.getTime() ?? now;
  const view: StageView = {
    rolloutId: row.id,
    plan,
    stage,
    controlPart,
    now,
    finished: row.finished,
    observedMs: row.observedMs,
    earlier: row.evidence?.stage === stage ? row.evidence : null,
  };
  const window: Window = {
    projectId: row.projectId,
    rolloutId: row.id,
    candidate: plan.candidate,
    control: plan.control,
    unit: plan.unit,
    share: plan.stages[stage]?.share ?? 0,
    controlPart,
    startedAt: row.startedAt?.getTime() ?? from,
    from,
    until: now - SETTLED_MS,
    dividedUntil: now - DIVIDED_MS,
  };
  return { view, window };
}

const measured = (row: RolloutRow) => (guardrail: RolloutGuardrail) => withBudget(guardrail, row.budgets);

type Viewed = { readonly view: StageView; readonly window: Window };
type Viewing = Viewed & { readonly past: PastUnits };

/** Fewer units with a past give no adjustment, so they are not looked for. */
const hasEnough = (past: PastUnits, source: string): boolean => (past.get(source) ?? 0) >= 2 * LEAST_UNITS;

async function readCounts(store: CountStore, viewing: Viewing, signal: AbortSignal): Promise<StageCounts> {
  const { view, window, past } = viewing;
  const { guardrails } = view.plan;
  const units = await store.countUnits(window, { guardrails, withPast: hasEnough(past, REQUESTS) }, signal);
  const leftOut = await store.countLeftOut(window, signal);
  const metrics = new Map(guardrails.map(({ metric }) => [keyOf(metric), armsOf(units, keyOf(metric))]));
  const covariates = covariatesOf(units);
  for (const [key, scored] of await readScores(store, viewing, signal)) {
    metrics.set(key, armsOf(scored, key));
    for (const [name, arms] of covariatesOf(scored)) covariates.set(name, arms);
  }
  return { ...toStageCounts(units, leftOut), metrics, covariates };
}

/** The scores of the requests that are old enough to have them, by the key of the metric. */
async function readScores(store: CountStore, { view, window, past }: Viewing, signal: AbortSignal) {
  const scores = new Map<string, UnitCounts[]>();
  for (const { metric } of view.plan.guardrails) {
    if (metric.kind !== "score") continue;
    const key = keyOf(metric);
    const until = Math.min(window.until, view.now - metric.maturityMinutes * 60_000);
    const source = { score: metric.name, table: SCORES, withPast: hasEnough(past, key) };
    scores.set(key, await store.countScores({ ...window, until }, source, signal));
  }
  return scores;
}

function toStageCounts(
  units: readonly DividedUnits[],
  leftOut: LeftOutCounts | undefined,
): Omit<StageCounts, "metrics" | "covariates"> {
  const of = (arm: string) => units.find((one) => one.arm === arm);
  return {
    units: { candidate: of("candidate")?.units ?? 0, control: of("control")?.units ?? 0 },
    requests: { candidate: of("candidate")?.requests ?? 0, control: of("control")?.requests ?? 0 },
    excluded: {
      forced: leftOut?.forced ?? 0,
      otherUnit: leftOut?.other_unit ?? 0,
      otherShare: leftOut?.other_share ?? 0,
      changedVariant: of("changed")?.units ?? 0,
      beganEarlier: of("earlier")?.units ?? 0,
    },
    divided: {
      inside: units.reduce((sum, { inside }) => sum + inside, 0),
      outside: units.reduce((sum, { outside }) => sum + outside, 0),
    },
    configurations: {
      candidate: leftOut?.candidate_configurations ?? 0,
      control: leftOut?.control_configurations ?? 0,
    },
  };
}

function armsOf(units: readonly UnitCounts[], key: string): Arms<ArmCounts> {
  const of = (arm: string) => units.find((one) => one.arm === arm)?.metrics.get(key) ?? NO_COUNTS;
  return { candidate: of("candidate"), control: of("control") };
}

/** Of the metrics whose units' past was looked at, by key. */
function covariatesOf(units: readonly UnitCounts[]): Map<string, Arms<CovariateSums>> {
  const of = (arm: string, key: string) => units.find((one) => one.arm === arm)?.covariates.get(key) ?? NO_COVARIATES;
  const keys = new Set(units.flatMap(({ covariates }) => [...covariates.keys()]));
  return new Map([...keys].map((key) => [key, { candidate: of("candidate", key), control: of("control", key) }]));
}

const NO_COVARIATES: CovariateSums = { n: 0, x: 0, xx: 0, xy: 0, y: 0, yy: 0 };

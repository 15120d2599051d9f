import { createHash } from "node:crypto";
import type { BisectFinding, BisectProbe, BisectStep } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import {
  type CompareDeps,
  type Compared,
  compareScore,
  countSides,
  toPaired,
  valuesOf,
} from "../results/compare-runs.ts";
import type { ByItem } from "../results/paired-values.ts";
import type { EvalDeps } from "../run/deps.ts";
import type { RunRow } from "../stores/run-store.ts";
import { type BisectRow, createBisectStore } from "./bisect-store.ts";
import { decideSide, guessSide } from "./decide-side.ts";
import { OutOfBudget } from "./fill-state.ts";
import { findTurn, looksFor } from "./find-turn.ts";
import { type Ends, findWay, openEnds, type Way } from "./open-ends.ts";
import { createStates, type States } from "./states.ts";

const Payload = z.object({ bisectId: z.string() });
type Payload = z.output<typeof Payload>;
/** The answers are stored in the runs, so no other state is needed. */
const State = z.object({});
type Run = JobRun<Payload, z.output<typeof State>>;
export const bisectJob: JobKind<Payload, z.output<typeof State>> = { name: "bisect", payload: Payload, state: State };

export type BisectDeps = EvalDeps & CompareDeps & { find(scope: Scope, runId: string): Promise<RunRow> };
type Search = {
  readonly run: Run;
  readonly row: BisectRow;
  readonly ends: Ends;
  readonly way: Way;
  readonly states: States;
  /** Items that both ends have a score for, in an order that says nothing of them. */
  readonly itemIds: readonly string[];
  readonly probes: BisectProbe[];
  readonly findings: BisectFinding[];
  readonly fall: number;
};

/** Items that are answered between two looks. */
const BATCH = 20;
const MOST_FINDINGS = 5;
const MOST_TURNED = 100;
const UNENDING_RANGE = 1;

/** Searches for the changes that made a score fall. After a restart it starts again and reuses all answers. */
export const createRunBisect = (deps: BisectDeps): JobHandler<Payload, z.output<typeof State>> => ({
  concurrency: 1,
  isWhole: () => false,
  async run(run) {
    const { scope, payload } = run;
    const store = createBisectStore(deps.db);
    const row = await store.find(scope.projectId, payload.bisectId);
    if (!row) throw new AppError("not_found", { message: "The search was deleted." });
    const ended = await search(deps, run, row);
    await deps.db.transaction(async (tx) => {
      const changes = { ...ended, status: "done" as const, endedAt: new Date(deps.clock.now()) };
      await createBisectStore(tx).update(scope.projectId, row.id, changes);
      await run.save({}, tx);
    });
    return { bisectId: row.id, outcome: ended.outcome, message: ended.message };
  },
});

type Ended = Pick<BisectRow, "outcome" | "message">;

async function search(deps: BisectDeps, run: Run, row: BisectRow): Promise<Ended> {
  const { scope } = run;
  const { good: goodId, bad: badId } = row.input;
  const [good, bad] = [await deps.find(scope, goodId), await deps.find(scope, badId)];
  const ends = await openEnds(deps.db, scope, { good, bad, key: row.scorer });
  const way = await findWay(deps, scope, ends);
  const states = createStates(deps, { run, row, ends, way });
  const store = createBisectStore(deps.db);
  await store.update(scope.projectId, row.id, { status: "running", steps: [...way.steps], probes: [], findings: [] });
  run.report({ message: "Comparing both ends", unit: "looks", total: looksFor(way.stops.length - 1), done: 0 });
  const total = await compare(deps, { row, ends }, { base: good, head: bad });
  await store.update(scope.projectId, row.id, { total: paired(total, row) });
  if (total.comparison.verdict !== "worse") return nothing(total);
  const itemIds = inDrawnOrder(total.pairs.itemIds, row.id);
  const fall = Math.abs(total.comparison.difference ?? 0);
  const all: Search = { run, row, ends, way, states, itemIds, fall, probes: [], findings: [] };
  try {
    await searchBetween(deps, all, [0, way.stops.length - 1]);
    return conclusion(all);
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error;
    const { steps } = way;
    const left = all.findings.length === 0 ? `${steps.length} changes` : "the rest";
    return { outcome: "budget", message: `The budget was used up before all of ${left} could be searched.` };
  } finally {
    if (!run.signal.aborted) await states.finish();
  }
}

/** Finds the change between two states. If the score also falls elsewhere, finds the changes before and after it. */
async function searchBetween(deps: BisectDeps, all: Search, [low, high]: readonly [number, number]): Promise<void> {
  const { states, itemIds, findings, row, run, way } = all;
  if (high <= low || findings.length >= MOST_FINDINGS) return;
  const looks = looksFor(way.stops.length - 1);
  const stateAt = (stop: number) => states.at(placeOf(way, stop), itemIds);
  const turn = await findTurn(low, high, (at) => look(deps, all, { low, high, at, alpha: row.input.alpha / looks }));
  const [before, after] = [await stateAt(turn - 1), await stateAt(turn)];
  const comparison = await compare(deps, all, { base: before, head: after });
  const finding = toFinding(all, { step: stepTo(way, turn), before, after, found: comparison });
  if (finding) findings.push(finding);
  findings.sort((a, b) => a.step.index - b.step.index);
  await createBisectStore(deps.db).update(run.scope.projectId, row.id, { findings });
  for (const [from, to] of [
    [low, turn - 1],
    [turn, high],
  ] as const) {
    if (to <= from) continue;
    const part = await compare(deps, all, { base: await stateAt(from), head: await stateAt(to) });
    if (part.comparison.verdict === "worse") await searchBetween(deps, all, [from, to]);
  }
}

function placeOf({ stops }: Way, stop: number): number {
  const place = stops[stop];
  if (place === undefined) throw new Error(`The path has no step ${stop}.`);
  return place;
}

/** The changes between a step and the step before it: one change, or several that cannot run separately. */
function stepTo(way: Way, stop: number): BisectStep {
  const place = placeOf(way, stop);
  const group = way.steps.slice(placeOf(way, stop - 1), place);
  const [first] = group;
  if (!first) throw new Error(`No change leads to the step ${stop}.`);
  const label = group.map((step) => step.label).join(" and ");
  return {
    ...first,
    index: place,
    label: first.isRunnable ? label : `${label}, cannot run here`,
    before: group.map(({ before }) => before).join(", "),
    after: group.map(({ after }) => after).join(", "),
  };
}

type Look = { readonly low: number; readonly high: number; readonly at: number; readonly alpha: number };

/** Answers a state batch by batch until it is known on which side it is, or no items are left. */
async function look(deps: BisectDeps, all: Search, { low, high, at, alpha }: Look): Promise<"good" | "bad"> {
  const { states, itemIds, probes, row, run, ends, way } = all;
  const sign = ends.bad.scorer.output.direction === "lower" ? -1 : 1;
  const valuesAt = async (place: number, ids: readonly string[]) =>
    valuesOf(deps.db, await states.at(place, ids), { key: row.scorer });
  const place = placeOf(way, at);
  const [from, to] = [await valuesAt(placeOf(way, low), itemIds), await valuesAt(placeOf(way, high), itemIds)];
  const fall = -sign * meanOf(differences(itemIds, from, to));
  const terms = { fall, range: rangeOf(ends, [from, to]), alpha };
  for (let end = Math.min(BATCH, itemIds.length); ; end = Math.min(end + BATCH, itemIds.length)) {
    run.signal.throwIfAborted();
    const ids = itemIds.slice(0, end);
    const reached = await states.at(place, ids.slice(-BATCH));
    const side = decideSide(
      differences(ids, from, await valuesOf(deps.db, reached, { key: row.scorer })).map((one) => sign * one),
      terms,
    );
    const isOver = end === itemIds.length;
    run.report({ message: `Step ${place}: ${end} of ${itemIds.length} items`, done: probes.length });
    if (side.decision === null && !isOver) continue;
    const decision = side.decision ?? guessSide(side, terms);
    const [one, other] = [sign * side.low, sign * side.high];
    probes.push({
      step: place,
      runId: reached.id,
      items: end,
      decision,
      isCertain: side.decision !== null,
      difference: side.difference === null ? null : sign * side.difference,
      interval: { low: Math.min(one, other), high: Math.max(one, other), level: 1 - alpha },
    });
    await createBisectStore(deps.db).update(run.scope.projectId, row.id, { probes });
    return decision;
  }
}

const differences = (itemIds: readonly string[], from: ByItem, to: ByItem): number[] =>
  itemIds.flatMap((itemId) => {
    const [before, after] = [from.get(itemId), to.get(itemId)];
    return before === undefined || after === undefined ? [] : [after - before];
  });

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / values.length;

/** The range of the score; of one without ends, what both ends of the way showed. */
function rangeOf({ bad }: Ends, seen: readonly ByItem[]): number {
  const { min, max } = bad.scorer.output;
  if (min !== null && max !== null) return max - min;
  const values = seen.flatMap((one) => [...one.values()]);
  const range =
    values.reduce((most, one) => Math.max(most, one), -Infinity) -
    values.reduce((least, one) => Math.min(least, one), Infinity);
  return range > 0 && Number.isFinite(range) ? range : UNENDING_RANGE;
}

function compare(
  deps: BisectDeps,
  { row, ends }: Pick<Search, "row" | "ends">,
  runs: { readonly base: RunRow; readonly head: RunRow },
): Promise<Compared> {
  const { alpha, margin } = row.input;
  return compareScore(deps, { ...runs, scorer: ends.bad.scorer, corpus: undefined, alpha, margin });
}

/** Items are checked in random order, so that the first ones are representative. */
const inDrawnOrder = (itemIds: readonly string[], seed: string): string[] =>
  itemIds
    .map((itemId) => ({ itemId, lot: createHash("sha256").update(`${seed} ${itemId}`).digest("hex") }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ itemId }) => itemId);

function paired(found: Compared, { input, scorer: _ }: BisectRow) {
  const { pValue } = found.comparison;
  return { ...toPaired(found, input.alpha), adjustedPValue: pValue, ...countSides(found.pairs, 1) };
}

type Found = { readonly step: BisectStep; readonly before: RunRow; readonly after: RunRow; readonly found: Compared };

/** Null when, over all items, the change does not make the score fall after all. */
function toFinding({ row, ends, fall }: Search, { step, before, after, found }: Found): BisectFinding | null {
  const { difference, verdict } = found.comparison;
  if (difference === null) return null;
  const sign = ends.bad.scorer.output.direction === "lower" ? -1 : 1;
  if (sign * difference >= 0) return null;
  const { itemIds, base, head } = found.pairs;
  const turned = itemIds
    .map((itemId, at) => ({ itemId, before: base[at] ?? 0, after: head[at] ?? 0 }))
    .filter((one) => sign * (one.after - one.before) < 0)
    .sort((a, b) => sign * (a.after - a.before - (b.after - b.before)));
  return {
    step,
    comparison: paired(found, row),
    share: fall === 0 ? null : Math.min(1, Math.abs(difference) / fall),
    beforeRunId: before.id,
    afterRunId: after.id,
    turned: turned.slice(0, MOST_TURNED),
    isCertain: verdict === "worse",
  };
}

function nothing({ comparison }: Compared): Ended {
  const { verdict, minimumDetectableEffect: least, n } = comparison;
  if (verdict === "better") return { outcome: "nothing-to-find", message: "The bad run is better than the good one." };
  if (verdict === "equivalent")
    return {
      outcome: "nothing-to-find",
      message: "Both runs have the same scores, so the changes between them do not matter.",
    };
  const unseen =
    least === null ? "" : ` ${n} items can only show differences of about ${least.toPrecision(2)} or more.`;
  return {
    outcome: "undecided",
    message: `The bad run is not significantly worse, so there is nothing to search for yet.${unseen}`,
  };
}

function conclusion({ findings }: Search): Ended {
  const [first, ...others] = [...findings].sort((a, b) => (b.share ?? 0) - (a.share ?? 0));
  if (!first)
    return {
      outcome: "undecided",
      message: "No single change explains the fall. The changes may only matter together.",
    };
  const percent = first.share === null ? "" : `, ${Math.round(first.share * 100)} % of the fall`;
  const rest = ["", " Another change also matters."][others.length] ?? ` ${others.length} more changes also matter.`;
  const doubt = first.isCertain ? "" : " This is likely, but not certain.";
  return { outcome: "found", message: `${first.step.label}${percent}.${rest}${doubt}` };
}

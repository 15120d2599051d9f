import { newId } from "../../../../kernel/ids.ts";
import type { JobRun } from "../../../../platform/jobs/port.ts";
import type { AnswerDeps } from "../run/answer-item.ts";
import { createBudget } from "../run/budget.ts";
import { createRequests } from "../run/build-request.ts";
import type { EvalDeps, WithStatistics } from "../run/deps.ts";
import { bindScorers } from "../run/open-experiment.ts";
import { createSummaries } from "../run/run-summaries.ts";
import { createThrottle } from "../run/throttle.ts";
import { NO_TOTALS } from "../start/present.ts";
import { type Answer, createResultStore } from "../stores/result-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { type BisectRow, createBisectStore } from "./bisect-store.ts";
import { type FilledState, fillState } from "./fill-state.ts";
import type { End, Ends, Way } from "./open-ends.ts";
import type { State } from "./plan-path.ts";
import { ensureVersionItems } from "./version-items.ts";

type Options = {
  readonly run: JobRun<unknown, object>;
  readonly row: BisectRow;
  readonly ends: Ends;
  readonly way: Way;
};

/**
 * The states of a search, each a run: the two ends, and the states in between, which are created and answered when
 * tested.
 */
export function createStates(deps: EvalDeps & WithStatistics, options: Options) {
  const { db, clock, complete, statistics } = deps;
  const { run, row, way } = options;
  const { scope, signal } = run;
  const { find, open, opened } = createOpening(deps, options);
  const budget = createBudget(row.input.budget, row.spent);
  const { concurrency: width } = row.input;
  const answering: AnswerDeps = {
    scope,
    complete,
    clock,
    budget,
    throttle: createThrottle({ most: width, clock }),
    findKept: (hash) => createResultStore(db).findKept(scope.projectId, hash),
  };
  /** The current version may give other answers than the old version. */
  const answeringNow: AnswerDeps = { ...answering, findKept: null };

  async function save(answers: readonly Answer[]): Promise<void> {
    await db.transaction(async (tx) => {
      await createResultStore(tx).add(answers);
      await createBisectStore(tx).update(scope.projectId, row.id, { spent: budget.spent() });
      await run.save({}, tx);
    });
  }

  return {
    /** The run of a state, answered for the given items within the budget. */
    async at(place: number, itemIds: readonly string[]): Promise<RunRow> {
      if (way.states === null || place === 0 || place === way.steps.length) return find(place);
      const { isNow } = stateAt(way, place);
      const filling = { db, answering: isNow ? answeringNow : answering, width, signal, save };
      await fillState(filling, await open(place), itemIds);
      return find(place);
    },
    /** Sums up the runs that were made. */
    async finish(): Promise<void> {
      for (const [place, { run: made }] of opened) {
        const { id: runId, scorers, repeats } = await find(place);
        const summed = { runId, scorers, repeats, keyed: made.keyed };
        const summaries = createSummaries({ db, statistics, scope, clock, runs: [summed], stop: null });
        await summaries.refresh();
        await summaries.finish();
        const ended = { status: "done" as const, endedAt: new Date(clock.now()) };
        await createRunStore(db).update(scope.projectId, runId, ended);
      }
    },
  };
}
export type States = ReturnType<typeof createStates>;

/** Opens the runs of states, and makes those that are not there yet. */
function createOpening(deps: EvalDeps, { run, row, ends, way }: Options) {
  const { db, clock, prompts, scorers } = deps;
  const { scope } = run;
  const { projectId } = scope;
  const runIds: Record<string, string> = { ...way.runIds, ...row.states };
  const opened = new Map<number, FilledState>();

  async function find(place: number): Promise<RunRow> {
    const run = await createRunStore(db).find(projectId, runIds[place] ?? "");
    if (!run) throw new Error(`The run of the state ${place} no longer exists.`);
    return run;
  }

  /** The items of a state: the items of an end, or the same items in a version between the two. */
  async function itemsOf({ root }: State): Promise<string | null> {
    const end = [ends.good, ends.bad].find(({ side }) => side?.root === root);
    const { datasetId, itemSetId } = ends.good.row;
    if (end || datasetId === null || itemSetId === null) return (end ?? ends.good).row.itemSetId;
    return ensureVersionItems(deps, scope, { datasetId, root, like: itemSetId, signal: run.signal });
  }

  /** Stores the run of a state before any call, so that a restart finds it. */
  async function ensure(place: number): Promise<RunRow> {
    if (runIds[place] !== undefined) return find(place);
    const state = stateAt(way, place);
    const itemSetId = await itemsOf(state);
    const made = probeRow({ row, state, itemSetId, place, way, now: clock.now(), ends });
    runIds[place] = made.id;
    await db.transaction(async (tx) => {
      await createRunStore(tx).create([made]);
      await createBisectStore(tx).update(projectId, row.id, { states: runIds });
      await run.save({}, tx);
    });
    return made;
  }

  async function open(place: number): Promise<FilledState> {
    const known = opened.get(place);
    if (known) return known;
    const made = await ensure(place);
    const state = stateAt(way, place);
    const variant = { ...state.variant, name: made.name };
    const keyed = await bindScorers(scorers, scope, made);
    const fresh = {
      run: { runId: made.id, variant, request: createRequests(prompts, scope, variant), keyed },
      itemSetId: made.itemSetId ?? "",
      sameAs: [ends.good, ends.bad].find((end) => isSame(state, end))?.row.id ?? null,
    };
    opened.set(place, fresh);
    return fresh;
  }
  return { find, open, opened };
}

function stateAt({ states }: Way, place: number): State {
  const state = states?.[place];
  if (!state) throw new Error(`The path has no state ${place}.`);
  return state;
}

/** Whether a state answers as an end did; how the answers are scored may differ. */
function isSame(state: State, { side }: End): boolean {
  if (!side || state.isNow) return false;
  const facts = ({ model, prompt, messages, parameters }: State["variant"]) =>
    JSON.stringify([model, prompt, messages, Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return facts(state.variant) === facts(side.variant) && state.root === side.root;
}

type Probe = Pick<Options, "row" | "ends" | "way"> & {
  readonly state: State;
  readonly itemSetId: string | null;
  readonly place: number;
  readonly now: number;
};

function probeRow({ row, state, itemSetId, place, way, now, ends }: Probe): RunRow {
  const { scorer, ref } = ends[state.judge];
  const { model, prompt, messages, parameters } = state.variant;
  const label = way.steps[place - 1]?.label ?? "";
  return {
    id: newId("run", now),
    projectId: row.projectId,
    experimentId: null,
    ordinal: place,
    origin: "bisect",
    name: `Bisect, after ${label}`.slice(0, 100),
    // Without a dataset, so that runs of a search are not in the dataset's list of runs.
    datasetId: null,
    root: null,
    itemSetId,
    variant: { model, prompt, messages, parameters },
    scorerRefs: [ref],
    scorers: [scorer],
    repeats: 1,
    suite: null,
    branch: null,
    tags: [],
    source: { branch: null, commit: null, url: null },
    versions: {},
    status: "running",
    planned: null,
    totals: NO_TOTALS,
    scores: [],
    scoring: null,
    ruleId: null,
    gate: null,
    jobId: row.jobId,
    createdBy: row.createdBy,
    createdAt: new Date(now),
    endedAt: null,
  };
}

import { SYNTHESIS_STOPS, SynthesisInput, SynthesisResult, SynthesisTally } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import { countOf } from "../../../kernel/count-of.ts";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { openWork, type WorkDeps } from "./open-work.ts";
import { RECIPES } from "./recipes/index.ts";
import type { Outcome, TryResult } from "./run-try.ts";
import { createSynthesisStore } from "./store.ts";
import { addTo, NO_TALLY, type Stop, tellStop } from "./tally.ts";
import { type Written, writeItems } from "./write-items.ts";

const Payload = z.object({ datasetId: z.string(), input: SynthesisInput });
type Payload = z.output<typeof Payload>;
/** The attempts and the spending so far. The generated items are in the store, written in the same transaction. */
const State = z.object({
  tally: SynthesisTally,
  stop: z.enum(SYNTHESIS_STOPS).nullable(),
  /** Consecutive attempts without a usable item. */
  barren: z.number(),
  seedRoot: z.string(),
  result: SynthesisResult.nullable(),
});
type State = z.output<typeof State>;

export const synthesisJob: JobKind<Payload, State> = { name: "dataset-synthesis", payload: Payload, state: State };

type Deps = WorkDeps & { readonly db: Postgres; readonly clock: Clock };
type Run = JobRun<Payload, State>;

const MOST_BARREN = 50;
/** After this number of rounds with only failed calls, the job waits for its next attempt. */
const MOST_FAILED_ROUNDS = 3;
const MOST_PUSHES = 4;
const KEEP_DAYS = 30;
const BEGUN: State = { tally: NO_TALLY, stop: null, barren: 0, seedRoot: "", result: null };

/** Makes items round by round, each written down with what it cost, and puts all of them on the draft as one step. */
export const createGenerateItems = (deps: Deps): JobHandler<Payload, State> => ({
  concurrency: 2,
  isWhole: () => false,
  async run(run) {
    const state = run.state ?? BEGUN;
    if (state.result) return state.result;
    const old = new Date(deps.clock.now() - KEEP_DAYS * DAY_MS);
    await createSynthesisStore(deps.db).deleteOlder(run.scope.projectId, old);
    return finish(deps, run, await makeAll(deps, run, state));
  },
});

async function makeAll(deps: Deps, run: Run, from: State): Promise<State> {
  const { scope, signal, jobId } = run;
  const { datasetId, input } = run.payload;
  if (from.stop) return from;
  const written = await createSynthesisStore(deps.db).list(scope.projectId, jobId);
  const work = await openWork(deps, { scope, datasetId, input, signal, jobId, kept: written, spent: from.tally.spent });
  let state: State = { ...from, seedRoot: work.seedRoot };
  if (work.recipe.isOncePerSeed && from.seedRoot === work.seedRoot)
    await skipSeeds(work.seeds, state.tally.tries - written.length);
  let failedRounds = 0;
  try {
    while (state.stop === null) {
      reportProgress(run, state);
      const round = await runRound(work, { state, input });
      if (round.isOver) return { ...state, stop: "no-more-seeds" };
      state = await keepRound(deps, run, { state, results: round.results, spent: work.spent() });
      failedRounds = round.results.every(({ failure }) => failure) ? failedRounds + 1 : 0;
      const failure = round.results.find((one) => one.failure)?.failure;
      if (failedRounds >= MOST_FAILED_ROUNDS && failure) throw failure;
    }
  } finally {
    await work.seeds.close?.();
  }
  return state;
}

type OpenWork = Awaited<ReturnType<typeof openWork>>;

/** Seeds that were tried before without success are not paid for again. Those that gave something are left out by their ids. */
async function skipSeeds(seeds: OpenWork["seeds"], tries: number): Promise<void> {
  for (let skipped = 0; skipped < tries; skipped++) if ((await seeds.next(skipped)) === null) return;
}

async function runRound(
  { recipe, seeds, runTry, isOwnDraft }: OpenWork,
  { state, input }: { state: State; input: SynthesisInput },
) {
  const { tries, kept } = state.tally;
  const wanted = input.count - kept;
  const width = Math.min(input.concurrency, Math.ceil(wanted / recipe.perTry));
  const running: Promise<TryResult>[] = [];
  for (let place = 0; place < width; place++) {
    const number = tries + place;
    const drawn = await seeds.next(number);
    if (drawn === null) break;
    running.push(runTry({ seeds: drawn, number, wanted, isOwnDraft }));
  }
  // Waits for all, so that no attempt continues unnoticed after another one fails.
  const settled = await Promise.allSettled(running);
  const broken = settled.find((one) => one.status === "rejected");
  if (broken) throw broken.reason;
  return {
    isOver: running.length === 0,
    results: settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
  };
}

type Round = { readonly state: State; readonly results: readonly TryResult[]; readonly spent: SynthesisTally["spent"] };

async function keepRound({ db, clock }: Deps, run: Run, { state, results, spent }: Round): Promise<State> {
  const { datasetId, input } = run.payload;
  const good = results.flatMap(({ outcomes }) => outcomes.filter(({ loss }) => loss === null));
  const items = good
    .slice(0, input.count - state.tally.kept)
    .map(({ draft, fills, of }: Outcome) => ({ draft, fills, of }));
  const lost = results.flatMap((one) => one.lost);
  const tally = addTo(state.tally, { tries: results.length, kept: items.length, lost, spent });
  const barren = items.length > 0 ? 0 : state.barren + results.length;
  const halt = results.find(({ stop }) => stop)?.stop ?? null;
  const stop: Stop | null =
    tally.kept >= input.count ? "finished" : (halt ?? (barren >= MOST_BARREN ? "too-few-kept" : null));
  const next: State = { ...state, tally, barren, stop };
  await db.transaction(async (tx) => {
    const place = { datasetId, jobId: run.jobId };
    const at = new Date(clock.now());
    await createSynthesisStore(tx).add(run.scope.projectId, place, { items, from: state.tally.kept, at });
    await run.save(next, tx);
  });
  return next;
}

function reportProgress(run: Run, { tally }: State): void {
  const { count } = run.payload.input;
  const { spent } = tally;
  const cost = spent.unpricedCalls > 0 ? "at an unknown price" : `${spent.usd.toFixed(4)} US dollars`;
  const message = `${countOf(spent.calls, "call")}, ${countOf(spent.tokens, "token")}, ${cost}`;
  run.report({ done: tally.kept, total: count, unit: "items", message });
}

async function finish(deps: Deps, run: Run, state: State): Promise<SynthesisResult> {
  const { scope, payload, signal, jobId } = run;
  const { datasetId, input } = payload;
  const stop = state.stop ?? "finished";
  const recipe = RECIPES[input.recipe];
  const kept = await createSynthesisStore(deps.db).list(scope.projectId, jobId);
  run.report({ done: kept.length, total: input.count, unit: "items", message: "Writing the draft" });
  for (let pushes = 1; ; pushes++) {
    const { manifest, revision } = await deps.datasets.openDraft(scope, { datasetId, branch: input.branch });
    const { nearDuplicates } = input;
    const written = await writeItems(deps.datasets, { scope, manifest, kept, recipe, nearDuplicates, signal });
    const tally = addTo(state.tally, { tries: 0, kept: 0, lost: written.lost, spent: state.tally.spent });
    const why = tellStop(stop, tally, input.count);
    const result = { ...tally, stop, why, added: written.added, changed: written.changed };
    try {
      await push(deps, run, { state: { ...state, stop, result }, result, written, revision });
      return result;
    } catch (error) {
      // Another user changed the draft in the meantime. The items are paid for, so they are added to the new draft.
      if (!(error instanceof AppError && error.code === "conflict") || pushes === MOST_PUSHES) throw error;
    }
  }
}

type Push = {
  readonly state: State;
  readonly result: SynthesisResult;
  readonly written: Written;
  readonly revision: number;
};

async function push({ db, datasets }: Deps, run: Run, { state, result, written, revision }: Push): Promise<void> {
  const { datasetId, input } = run.payload;
  const { added, changed } = result;
  const step = {
    kind: "synthetic" as const,
    summary: `Generated ${RECIPES[input.recipe].words} with ${input.model}: ${[added > 0 && `${added} added`, changed > 0 && `${changed} answered`].filter(Boolean).join(", ")}`,
    counts: { added, removed: 0, changed },
    recipe: { synthesis: input, jobId: run.jobId },
  };
  const { branch } = input;
  await db.transaction(async (tx) => {
    if (added + changed > 0) {
      const change = { datasetId, branch, expectedRevision: revision, step, manifest: written.manifest };
      await datasets.pushStep(run.scope, change, tx);
    }
    await createSynthesisStore(tx).delete(run.scope.projectId, run.jobId);
    await run.save(state, tx);
  });
}

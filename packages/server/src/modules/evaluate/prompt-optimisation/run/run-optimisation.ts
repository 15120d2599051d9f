import type { OptimisationStop } from "@treadle/contract";
import { createRandom } from "@treadle/metrics";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import { type Candidate, type Evaluator, type Outcome, OutOfBudget } from "../search/evaluator.ts";
import { runFewShot } from "../search/few-shot.ts";
import { runGepa } from "../search/gepa.ts";
import { runMutations } from "../search/mutations.ts";
import { meanScore } from "../search/pareto.ts";
import { keyOf, type Program, programOf } from "../search/program.ts";
import type { OptimisationDeps } from "../stores/deps.ts";
import { createOptimisationStore, type OptimisationRow } from "../stores/store.ts";
import { type Asking, createAsking } from "./ask-items.ts";
import { readParts } from "./read-parts.ts";
import { bestOf, curveOf, reportCandidates } from "./report-candidates.ts";
import type { Parts } from "./split-items.ts";
import { testBest } from "./test-best.ts";

const Payload = z.object({ optimisationId: z.string() });
type Payload = z.output<typeof Payload>;
/** The answers are stored, and the search repeats the same random choices, so no other state is needed. */
const State = z.object({});
type State = z.output<typeof State>;
type Run = JobRun<Payload, State>;
export const optimisationJob: JobKind<Payload, State> = { name: "optimisation", payload: Payload, state: State };

const MOST_REFUSED = 200;
/**
 * The reserve for the final test of the best prompt, as a multiple of the first one's usage: examples make prompts
 * longer.
 */
const RESERVE = 1.5;

/** Searches for a better prompt. After a restart it starts again and reuses all answers. */
export const createRunOptimisation = (deps: OptimisationDeps): JobHandler<Payload, State> => ({
  concurrency: 1,
  isWhole: () => false,
  async run(run) {
    const { scope, payload } = run;
    const row = await createOptimisationStore(deps.db).find(scope.projectId, payload.optimisationId);
    if (!row) throw new AppError("not_found", { message: "The search was deleted." });
    const ended = await search(deps, run, row);
    await deps.db.transaction(async (tx) => {
      const changes = { ...ended, status: "done" as const, endedAt: new Date(deps.clock.now()) };
      await createOptimisationStore(tx).update(scope.projectId, row.id, changes);
      await run.save({}, tx);
    });
    return { optimisationId: row.id, message: ended.message, saved: ended.saved };
  },
});

async function search(deps: OptimisationDeps, run: Run, row: OptimisationRow) {
  const { scope } = run;
  const store = createOptimisationStore(deps.db);
  const parts = await readParts(deps.datasets, scope, { choice: { ...row.input, root: row.root }, signal: run.signal });
  const sizes = { feedback: parts.feedback.length, selection: parts.selection.length, test: parts.test.length };
  await store.update(scope.projectId, row.id, { status: "running", parts: sizes });
  run.report({ message: "Testing the first prompt", unit: "answers", total: row.input.budget.answers });
  const bound = await deps.scorers.bind(scope, row.input.scorers);
  const keyed = bound.map((scorer, at) => ({ key: row.scorers[at]?.key ?? scorer.key, scorer }));
  const asking = createAsking(deps, { run, row, keyed });
  const tested = await answerTest(asking, programOf(row.content), parts);
  if (tested !== null) limitSearch(asking, row, tested);
  const searching = { run, row, asking, parts, seed: programOf(row.content) };
  const { stopped, pool } =
    tested === null ? { stopped: "budget-tokens" as const, pool: [] } : await runMethod(deps, searching);
  const stored = await store.find(scope.projectId, row.id);
  if (!stored) throw new AppError("not_found", { message: "The search was deleted." });
  asking.limit(row.input.budget);
  run.report({ message: "Testing the best prompt" });
  const reported = stored.candidates[stored.best ?? -1];
  const program = pool[stored.best ?? -1]?.program;
  const best = reported && program ? { reported, program } : null;
  return { ...(await testBest(deps, { run, row: stored, asking, parts, best, before: tested ?? [] })), stopped };
}

/**
 * The first prompt's answers to the test third, requested before the search so that the budget for the best is known.
 * Null beyond the budget.
 */
async function answerTest(asking: Asking, seed: Program, { test }: Parts): Promise<Outcome[] | null> {
  try {
    const outcomes = await asking.answer(seed, test);
    if (meanScore(outcomes) !== null) return outcomes;
    throw new AppError("unprocessable", {
      message: `No answer of the first prompt has a score, so it cannot be improved. The first answer: ${outcomes[0]?.feedback}`,
    });
  } catch (error) {
    if (error instanceof OutOfBudget) return null;
    throw error;
  }
}

function limitSearch(asking: Asking, { input }: OptimisationRow, tested: readonly Outcome[]): void {
  const sum = (field: "tokens" | "costUsd") => tested.reduce((total, outcome) => total + (outcome[field] ?? 0), 0);
  const { usd, tokens } = input.budget;
  asking.limit({
    usd: usd === null ? null : Math.max(0, usd - RESERVE * sum("costUsd")),
    tokens: Math.max(0, tokens - Math.ceil(RESERVE * sum("tokens"))),
  });
}

type Searching = {
  readonly run: Run;
  readonly row: OptimisationRow;
  readonly asking: Asking;
  readonly parts: Parts;
  readonly seed: Program;
};

type Found = { readonly stopped: OptimisationStop; readonly pool: readonly Candidate[] };

async function runMethod(deps: OptimisationDeps, searching: Searching): Promise<Found> {
  const { method, minibatch, merge, examples, trials } = searching.row.input;
  let pool: readonly Candidate[] = [];
  const lab = createLab(deps, searching, (candidates) => {
    pool = candidates;
  });
  try {
    if (method === "gepa") await runGepa(lab, { minibatch, merge });
    else if (method === "few-shot") await runFewShot(lab, { examples, trials });
    else await runMutations(lab, { examples, trials });
    return { stopped: "finished", pool };
  } catch (error) {
    if (error instanceof OutOfBudget) return { stopped: error.stop, pool };
    throw error;
  }
}

function createLab(
  deps: OptimisationDeps,
  { run, row, asking, parts, seed }: Searching,
  onFound: (candidates: readonly Candidate[]) => void,
): Evaluator {
  const [scorer] = row.scorers;
  const sign = scorer?.output.direction === "lower" ? -1 : 1;
  const end = sign === 1 ? scorer?.output.max : scorer?.output.min;
  /** Counted by this run alone, so that a run after a restart counts the same again. */
  const asked = new Set<string>();
  let reflections = 0;
  let known = 0;
  return {
    seed,
    feedback: parts.feedback,
    selection: parts.selection,
    random: createRandom(row.input.seed),
    topScore: end == null ? null : sign * end,
    answers: () => asked.size,
    exampleOf: asking.exampleOf,
    async evaluate(program, items) {
      run.signal.throwIfAborted();
      const keys = items.map(({ itemId }) => `${keyOf(program)} ${itemId}`);
      const more = keys.filter((key) => !asked.has(key)).length;
      if (asked.size + more > row.input.budget.answers) throw new OutOfBudget("budget-answers");
      const outcomes = await asking.answer(program, items);
      for (const key of keys) asked.add(key);
      run.report({ message: "Searching", done: asked.size });
      return outcomes;
    },
    rewrite: (rewrite) => asking.rewrite(rewrite, reflections++),
    async found({ candidates, refused }) {
      const details = {
        refused: refused.slice(-MOST_REFUSED).map(({ parents, ...one }) => ({ ...one, parents: [...parents] })),
        answers: asked.size,
        reflections,
      };
      const isNew = candidates.length > known;
      known = candidates.length;
      onFound(candidates);
      const changes = isNew ? { ...details, ...reported(row, candidates, sign) } : details;
      await createOptimisationStore(deps.db).update(run.scope.projectId, row.id, changes);
    },
  };
}

function reported({ content, input }: OptimisationRow, pool: readonly Candidate[], sign: 1 | -1) {
  const candidates = reportCandidates(pool, { start: content, sign });
  const best = bestOf(candidates, { sign, maxTokensRatio: input.maxTokensRatio });
  return { candidates, curve: curveOf(candidates, sign), best: best?.candidate ?? null };
}

import { createHash } from "node:crypto";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { JobHandler, JobKind, JobRun } from "../../../../platform/jobs/port.ts";
import { summarize } from "../measures/summarize.ts";
import type { RetrievalDeps } from "../stores/deps.ts";
import { createQuestionStore, type QuestionRow } from "../stores/question-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { checkVersion } from "./check-version.ts";
import { createPlaceJudgements } from "./place-judgements.ts";
import { requestOf, searchQuestion } from "./search-question.ts";

const Payload = z.object({ runId: z.string() });
type Payload = z.output<typeof Payload>;
type Run = JobRun<Payload, null>;

export const retrievalJob: JobKind<Payload, null> = { name: "retrieval-run", payload: Payload, state: z.null() };

/** Searches one question after another, so that latencies are those of an idle server. A stopped job continues with the rest. */
export const createRunJob = (deps: RetrievalDeps): JobHandler<Payload, null> => ({
  async run(job) {
    const { scope, payload, signal } = job;
    const run = await findRun(deps, scope.projectId, payload.runId);
    await checkVersion(deps, scope, { baseId: run.baseId, version: run.version });
    await searchAll(deps, job, run);
    signal.throwIfAborted();
    const store = createRunStore(deps.db);
    const results = await store.listMeasured(run.id);
    const signalOf = run.settings.searching.mode === "words" ? "words" : "meaning";
    const summary = summarize(
      results.map(({ result }) => result),
      signalOf,
    );
    await store.update(scope.projectId, run.id, { summary });
    return { retrievalRunId: run.id, questions: summary.questions, failures: summary.failures };
  },
});

async function findRun({ db }: RetrievalDeps, projectId: string, runId: string): Promise<RunRow> {
  const run = await createRunStore(db).find(projectId, runId);
  if (!run) throw new AppError("not_found", { message: "The retrieval run was deleted." });
  return run;
}

async function searchAll(deps: RetrievalDeps, job: Run, run: RunRow): Promise<void> {
  const { scope, signal } = job;
  const store = createRunStore(deps.db);
  const rows = await createQuestionStore(deps.db).listAll(run.setId);
  const results = new Set((await store.listMeasured(run.id)).map(({ questionId }) => questionId));
  const place = createPlaceJudgements(deps, { scope, baseId: run.baseId, version: run.version });
  let isWarm = false;
  for (const [at, row] of rows.entries()) {
    signal.throwIfAborted();
    job.report({ done: at, total: rows.length, unit: "questions", message: "Searching" });
    if (results.has(row.id)) continue;
    if (!isWarm) await warmUp(deps, job, { run, row });
    isWarm = true;
    const placed = await place(row.relevant);
    const result = await searchQuestion(deps, { scope, signal }, { run, row, placed });
    const judgementHash = hashOf(row, run);
    await store.saveResult({ runId: run.id, questionId: row.id, place: row.place, judgementHash, result });
  }
}

/** The first search of a version loads it, which is not the latency of a search. Its error comes again with the question. */
async function warmUp(
  { knowledge }: RetrievalDeps,
  { scope, signal }: Run,
  { run, row }: { readonly run: RunRow; readonly row: QuestionRow },
): Promise<void> {
  await knowledge.search(scope, run.baseId, { request: requestOf(run, row.question), signal }).catch(() => {
    signal.throwIfAborted();
  });
}

/** Equal if a question was measured by the same judgements. */
const hashOf = ({ question, relevant }: QuestionRow, { settings }: RunRow): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        settings.overlap,
        question,
        relevant.map(({ documentId, start, end, quote, grade }) => [documentId, start, end, quote, grade]),
      ]),
    )
    .digest("base64url");

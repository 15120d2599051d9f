import { MAIN_BRANCH, type Run, type RunInput, type RunScorer, type UploadedAnswer } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { EvalDeps } from "../run/deps.ts";
import { onlyOpen } from "../run/order-scoring.ts";
import { NOTHING_SPENT } from "../run/score-run.ts";
import { createItemStore } from "../stores/item-store.ts";
import {
  type Answer,
  answerKey,
  createResultRemoval,
  createResultStore,
  type ScoreRow,
} from "../stores/result-store.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { createSummaryStore } from "../stores/summary-store.ts";
import { NO_TOTALS } from "./present.ts";
import { fixedRef, toRunScorer } from "./start-experiment.ts";

type Deps = EvalDeps & {
  find(scope: Scope, runId: string): Promise<RunRow>;
  get(scope: Scope, runId: string): Promise<Run>;
};

/** A run of a live rule's schedule, with the id that the schedule chose. */
type OfRule = { readonly runId: string; readonly ruleId: string };

/** Uploaded runs: created, and filled in any number of calls. */
export function createUploads({ db, datasets, scorers, audit, clock, find, get }: Deps) {
  return {
    async create(scope: Scope, input: RunInput, of?: OfRule): Promise<Run> {
      const { datasetId, version, name, repeats, suite, source, versions, tags } = input;
      checkVersion(input);
      const manifest =
        datasetId && (await datasets.openVersion(scope, { datasetId, version: version ?? MAIN_BRANCH })).manifest;
      const bound = await scorers.bind(scope, input.scorers);
      const id = of?.runId ?? newId("run", clock.now());
      const createdAt = new Date(clock.now());
      const { projectId, actor: createdBy } = scope;
      await db.transaction(async (tx) => {
        // Items of no dataset come with the answers.
        const itemSetId = manifest ? null : `set_${id}`;
        if (itemSetId) await createItemStore(tx).createSet({ id: itemSetId, projectId, items: null, createdAt });
        await createRunStore(tx).create([
          {
            id,
            projectId,
            experimentId: null,
            ordinal: 0,
            name,
            origin: "uploaded",
            datasetId,
            itemSetId,
            root: manifest ? manifest.root : null,
            variant: null,
            repeats,
            suite,
            ruleId: of?.ruleId ?? null,
            source,
            branch: source.branch,
            scorerRefs: bound.map((one, at) => fixedRef(one, input.scorers[at])),
            scorers: bound.map(toRunScorer),
            versions,
            tags,
            status: "open",
            planned: null,
            totals: NO_TOTALS,
            scores: [],
            gate: null,
            jobId: null,
            scoring: { budget: input.budget, spent: NOTHING_SPENT, stopped: null },
            createdBy,
            createdAt,
            endedAt: null,
          },
        ]);
        await audit.record(scope, { action: "run.create", target: id, details: { name, datasetId, suite } }, tx);
      });
      return get(scope, id);
    },

    async addAnswers(scope: Scope, runId: string, answers: readonly UploadedAnswer[]): Promise<Run> {
      const row = onlyOpen(await find(scope, runId));
      checkRepeats(row, answers);
      const scorersOf = withUploaded(row.scorers, answers);
      await db.transaction(async (tx) => {
        if (row.itemSetId !== null) await addItems(tx, row, answers);
        await removeReplaced(tx, runId, answers);
        await createResultStore(tx).add(answers.map((answer) => toAnswer(row, answer)));
        const totals = await createSummaryStore(tx).totals(runId);
        await createRunStore(tx).update(scope.projectId, runId, { totals, scorers: scorersOf });
      });
      return get(scope, runId);
    },
  };
}

function checkVersion({ datasetId, version }: RunInput): void {
  if (datasetId === null && version !== null)
    throw new AppError("invalid_request", {
      message: "version: needs the dataset that it belongs to. Set `datasetId` too.",
      details: { param: "datasetId" },
    });
}

function checkRepeats({ repeats }: RunRow, answers: readonly UploadedAnswer[]): void {
  const late = answers.find(({ repeat }) => repeat >= repeats);
  if (late)
    throw new AppError("invalid_request", {
      message: `The answer to ${late.itemId} is repeat ${late.repeat}, but the run has ${repeats} repeats, counted from 0.`,
      details: { param: "answers" },
    });
}

/** Scores that arrive with answers are scores of the run, although the server does not know how they were computed. */
function withUploaded(scorers: readonly RunScorer[], answers: readonly UploadedAnswer[]): RunScorer[] {
  const known = new Map(scorers.map((scorer) => [scorer.key, scorer]));
  for (const { scorer } of answers.flatMap(({ scores }) => scores))
    if (!known.has(scorer))
      known.set(scorer, {
        key: scorer,
        name: scorer,
        kind: "uploaded",
        version: null,
        signature: `uploaded:${scorer}`,
        output: { type: "number", min: null, max: null, direction: "higher", unit: "" },
      });
  return [...known.values()];
}

async function addItems(
  tx: Postgres,
  { itemSetId, totals }: RunRow,
  answers: readonly UploadedAnswer[],
): Promise<void> {
  if (itemSetId === null) return;
  const store = createItemStore(tx);
  const known = new Set(
    (
      await store.listByIds(
        itemSetId,
        answers.map(({ itemId }) => itemId),
      )
    ).map(({ itemId }) => itemId),
  );
  const fresh = new Map(answers.filter(({ itemId }) => !known.has(itemId)).map((answer) => [answer.itemId, answer]));
  const bare = [...fresh.values()].find(({ inputs }) => inputs === undefined);
  if (bare)
    throw new AppError("invalid_request", {
      message: `The run has no dataset, so the first answer to ${bare.itemId} must include the item's \`inputs\`.`,
      details: { param: "answers", itemId: bare.itemId },
    });
  const from = totals.answers;
  await store.add(
    itemSetId,
    [...fresh.values()].map(({ itemId, inputs = {}, expected, metadata = {}, split }, at) => ({
      itemId,
      inputs,
      expected: expected ?? null,
      metadata,
      split: split ?? null,
      position: from + at,
      draw: from + at,
    })),
  );
}

/** A repeated answer replaces the existing answer and its scores. */
async function removeReplaced(tx: Postgres, runId: string, answers: readonly UploadedAnswer[]): Promise<void> {
  const itemIds = answers.map(({ itemId }) => itemId);
  const done = await createResultStore(tx).listDone([runId], itemIds);
  const replaced = answers.filter(({ itemId, repeat }) => done.has(answerKey({ runId, itemId, repeat })));
  for (const [repeat, own] of Map.groupBy(replaced, (answer) => answer.repeat))
    await createResultRemoval(tx).delete(runId, { repeat, itemIds: own.map(({ itemId }) => itemId) });
}

function toAnswer({ id: runId, projectId }: RunRow, answer: UploadedAnswer): Answer {
  const { itemId, repeat, output, message, error, latencyMs, costUsd, inputTokens, outputTokens } = answer;
  return {
    result: {
      runId,
      itemId,
      repeat,
      projectId,
      state: error ? "error" : "ok",
      output,
      message: message ?? null,
      errorCode: error?.code ?? null,
      errorMessage: error?.message ?? null,
      traceId: answer.traceId ?? null,
      spanId: answer.spanId ?? null,
      latencyMs,
      costUsd,
      inputTokens,
      outputTokens,
      isCached: false,
      requestHash: null,
      replayed: null,
    },
    scores: error
      ? []
      : answer.scores.map(
          ({ scorer, state, value, label, reason }): ScoreRow => ({
            runId,
            scorer,
            itemId,
            repeat,
            state: state === "scored" && value === null && label === null ? "undefined" : state,
            value: state === "scored" ? value : null,
            label,
            reason,
            details: null,
            stats: null,
            costUsd: null,
          }),
        ),
  };
}

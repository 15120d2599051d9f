import type { KnowledgeSearch, QuestionResult, SearchHit } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { judgeHits, type PlacedJudgement } from "../measures/judge-hits.ts";
import { measureQuestion } from "../measures/measure-question.ts";
import type { RetrievalDeps } from "../stores/deps.ts";
import type { QuestionRow } from "../stores/question-store.ts";
import type { RunRow } from "../stores/run-store.ts";

type Asked = { readonly run: RunRow; readonly row: QuestionRow; readonly placed: readonly PlacedJudgement[] };
type Caller = { readonly scope: Scope; readonly signal: AbortSignal };

/** Errors that would meet all questions. The job retries or fails with them. */
const OF_ALL: ReadonlySet<string> = new Set(["not_found", "conflict", "unavailable", "overloaded", "damaged_data"]);

const NOT_MEASURED = {
  ndcg10: null,
  map: null,
  mrr10: null,
  hit1: null,
  recall: null,
  unjudged10: null,
  topScore: null,
  latencyMs: null,
  hits: [],
};

/** Searches one question and measures its ranking. An error of this question alone is its result. */
export async function searchQuestion(
  { knowledge }: Pick<RetrievalDeps, "knowledge">,
  { scope, signal }: Caller,
  { run, row, placed }: Asked,
): Promise<QuestionResult> {
  const head = headOf(row, placed);
  try {
    const { hits, durationMs } = await knowledge.search(scope, run.baseId, {
      request: requestOf(run, row.question),
      signal,
    });
    const ranking = judgeHits(hits, placed, run.settings.overlap);
    return {
      ...head,
      error: null,
      ...measureQuestion(ranking),
      topScore: topScoreOf(run, hits),
      latencyMs: durationMs,
      hits: hits.map((hit, at) => presentHit(hit, ranking.grades[at] ?? null)),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || OF_ALL.has(error.code)) throw error;
    return { ...head, error: error.message, ...NOT_MEASURED };
  }
}

const headOf = ({ id, question }: QuestionRow, placed: readonly PlacedJudgement[]) => ({
  questionId: id,
  question,
  relevant: placed.filter(({ grade }) => grade > 0).length,
  isUnanswerable: placed.length === 0,
  lost: placed.filter(({ isLost }) => isLost).length,
});

export const requestOf = ({ version, settings }: RunRow, query: string): KnowledgeSearch => ({
  query,
  version,
  limit: settings.limit,
  principals: [...settings.principals],
  searching: settings.searching,
  explain: false,
});

/** The score that a threshold can compare. Joined scores are scaled for each query, so that they say nothing across queries. */
function topScoreOf({ settings }: RunRow, hits: readonly SearchHit[]): number | null {
  const part = settings.searching.mode === "words" ? "words" : "meaning";
  const scores = hits.flatMap(({ [part]: place }) => (place ? [place.score] : []));
  return scores.length === 0 ? null : Math.max(...scores);
}

const presentHit = ({ chunkId, documentId, start, end, score }: SearchHit, grade: number | null) => ({
  chunkId,
  documentId,
  start,
  end,
  score,
  grade,
});

import type { QuestionResult } from "@treadle/contract";
import { type TrecResult, writeTrecRun } from "@treadle/metrics";

/**
 * Rankings of documents as a TREC run file. A document has the place of its first chunk. trec_eval sorts by score and ties by document, so
 * where scores would give another order (ties, diversity), the scores are the places counted from the end.
 */
export function writeRunFile(results: readonly QuestionResult[], name: string): string {
  const ranked = results.filter(({ hits }) => hits.length > 0);
  return writeTrecRun(new Map(ranked.map(({ questionId, hits }) => [questionId, rankDocuments(hits)])), name);
}

function rankDocuments(hits: QuestionResult["hits"]): TrecResult[] {
  const first = new Map<string, number>();
  for (const { documentId, score } of hits) if (!first.has(documentId)) first.set(documentId, score);
  const results = Array.from(first, ([document, score]) => ({ document, score }));
  const isOrdered = results.every(({ score }, at) => {
    const before = results[at - 1];
    return before === undefined || Math.fround(before.score) > Math.fround(score);
  });
  return isOrdered ? results : results.map(({ document }, at) => ({ document, score: results.length - at }));
}

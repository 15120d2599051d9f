import type { QuestionJudgement } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { PlacedJudgement } from "../measures/judge-hits.ts";
import { placeQuote } from "../measures/place-quote.ts";
import type { RetrievalDeps } from "../stores/deps.ts";

type Searched = { readonly scope: Scope; readonly baseId: string; readonly version: number };
export type PlaceJudgements = (judgements: readonly QuestionJudgement[]) => Promise<PlacedJudgement[]>;

/** Texts of so many documents are held, since neighboring questions often have the same documents. */
const MOST_TEXTS = 4;

/**
 * Finds where the searched version has each judgement. A document can have another text there, so a span is where its quote is. It is lost
 * if the version lacks the document or the quote: no hit can be it, and it stays relevant.
 */
export function createPlaceJudgements(
  { knowledge }: Pick<RetrievalDeps, "knowledge">,
  searched: Searched,
): PlaceJudgements {
  const { scope, baseId, version } = searched;
  const texts = new Map<string, string | null>();

  async function textOf(documentId: string): Promise<string | null> {
    const held = texts.get(documentId);
    if (held !== undefined) return held;
    const place = { knowledgeBaseId: baseId, documentId };
    const read = await orNull(knowledge.readText(scope, place, version));
    const [oldest] = texts.keys();
    if (texts.size >= MOST_TEXTS && oldest !== undefined) texts.delete(oldest);
    texts.set(documentId, read?.text ?? null);
    return read?.text ?? null;
  }

  return async (judgements) => {
    const placed: PlacedJudgement[] = [];
    for (const { documentId, start, quote, end, grade } of judgements) {
      const text = await textOf(documentId);
      const span = text !== null && quote !== null ? placeQuote(text, quote, start ?? 0) : null;
      const isLost = text === null || (quote !== null && span === null);
      placed.push({ documentId, start: span?.start ?? start, end: span?.end ?? end, grade, isLost });
    }
    return placed;
  };
}

async function orNull<Value>(value: Promise<Value>): Promise<Value | null> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}

import type { QuestionJudgement } from "@treadle/contract";

export type Place = { readonly documentId: string; readonly start: number; readonly end: number };
/** A judgement where the searched version has it. */
export type PlacedJudgement = Pick<QuestionJudgement, "documentId" | "start" | "end" | "grade"> & {
  /** The version does not hold the document or the quote, so that no hit can have it. */
  readonly isLost: boolean;
};

/** A ranking in the terms of the metrics. */
export type JudgedRanking = {
  /** An id per hit: what it found first, or an id of nothing. */
  readonly retrieved: readonly string[];
  /** The gains that the ranking is held against. What a hit found together counts once, with its highest grade. */
  readonly relevant: ReadonlyMap<string, number>;
  /** The relevant spans and documents that any hit found, in the order of their ranks. */
  readonly found: readonly string[];
  /** All relevant spans and documents. */
  readonly all: ReadonlyMap<string, number>;
  /** The highest grade of each hit. Null if no judgement is about it. */
  readonly grades: readonly (number | null)[];
};

/**
 * Whether a chunk holds a judged span: the part that both share is at least `overlap` of the shorter one. A chunk within a long span
 * is therefore relevant. A judgement without a span is about all chunks of its document.
 */
export function holds(chunk: Place, { documentId, start, end, isLost }: PlacedJudgement, overlap: number): boolean {
  if (isLost || chunk.documentId !== documentId) return false;
  if (start === null || end === null) return true;
  const shared = Math.min(chunk.end, end) - Math.max(chunk.start, start);
  return shared > 0 && shared >= overlap * Math.min(chunk.end - chunk.start, end - start);
}

/**
 * Rates hits by judgements. A relevant span counts at the first hit that holds it, since a repetition tells a reader nothing new. If one hit
 * holds several new spans, they count as one in the ranking, so that larger chunks are not rewarded or punished for it.
 */
export function judgeHits(
  hits: readonly Place[],
  judgements: readonly PlacedJudgement[],
  overlap: number,
): JudgedRanking {
  const all = new Map(judgements.flatMap(({ grade }, at) => (grade > 0 ? [[String(at), grade] as const] : [])));
  const relevant = new Map(all);
  const found = new Set<string>();
  const grades: (number | null)[] = [];
  const retrieved = hits.map((hit, rank) => {
    const held = judgements.flatMap((judgement, at) => (holds(hit, judgement, overlap) ? [at] : []));
    grades.push(held.length === 0 ? null : Math.max(...held.map((at) => judgements[at]?.grade ?? 0)));
    const fresh = held.map(String).filter((id) => all.has(id) && !found.has(id));
    const [best, ...rest] = fresh.toSorted((a, b) => (all.get(b) ?? 0) - (all.get(a) ?? 0));
    for (const id of fresh) found.add(id);
    for (const id of rest) relevant.delete(id);
    return best ?? `nothing at ${rank + 1}`;
  });
  return { retrieved, relevant, found: [...found], all, grades };
}

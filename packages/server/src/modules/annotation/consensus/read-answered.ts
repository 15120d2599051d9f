import type { AnnotationContent, AnnotationSource, AnnotationValues } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { createAnsweredStore } from "../answered-store.ts";

/** What one person answered; candidates are named by their ids. */
export type GivenAnswer = {
  readonly answerId: string;
  readonly annotator: string;
  readonly answers: AnnotationValues;
  /** The candidates from left to right. */
  readonly order: readonly string[];
  readonly guidelineVersion: number;
  readonly createdAt: Date;
};

export type AnsweredItem = {
  readonly itemId: string;
  readonly source: AnnotationSource;
  readonly content: AnnotationContent;
  readonly preview: string;
  readonly isGold: boolean;
  readonly gold: AnnotationValues | null;
  /** What a reviewer settled it with, and when; it counts instead of the answers. */
  readonly settled: { readonly answers: AnnotationValues; readonly by: string; readonly at: Date } | null;
  readonly answers: readonly GivenAnswer[];
};

const BATCH = 200;
/** Of one queue; more would not fit beside everything else in memory. */
const MOST_ITEMS = 50_000;

/** The items of a queue that anybody has answered or settled, some hundred at a time. */
export async function* readAnswered(
  db: Postgres,
  { projectId }: Scope,
  queueId: string,
): AsyncGenerator<AnsweredItem, void, void> {
  const store = createAnsweredStore(db);
  let after = "";
  let read = 0;
  while (read < MOST_ITEMS) {
    const items = await store.listContents(projectId, queueId, { limit: BATCH, after });
    const ids = items.map(({ itemId }) => itemId);
    if (ids.length === 0) return;
    const answers = Map.groupBy(await store.listAnswers(ids), ({ itemId }) => itemId);
    const settled = new Map((await store.listAdjudications(ids)).map((row) => [row.itemId, row]));
    for (const item of items) {
      const last = settled.get(item.itemId);
      const given = answers.get(item.itemId) ?? [];
      if (given.length === 0 && !last) continue;
      yield {
        ...item,
        settled: last ? { answers: last.answers, by: last.createdBy, at: last.createdAt } : null,
        answers: given.map(({ itemId: _, ...answer }) => answer),
      };
    }
    after = ids.at(-1) ?? after;
    read += ids.length;
  }
}

/** All of them at once, for what compares each with each. */
export async function listAnswered(db: Postgres, scope: Scope, queueId: string): Promise<AnsweredItem[]> {
  const all: AnsweredItem[] = [];
  for await (const item of readAnswered(db, scope, queueId)) all.push(item);
  return all;
}

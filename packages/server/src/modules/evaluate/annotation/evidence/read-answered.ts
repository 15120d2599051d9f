import type { AnnotationContent, AnnotationSource, AnnotationValues } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createAnsweredStore } from "../stores/answered-store.ts";

/** One person's answer. Candidates are named by their ids. */
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
  /** A reviewer's decision with its time. It replaces the answers. */
  readonly settled: { readonly answers: AnnotationValues; readonly by: string; readonly at: Date } | null;
  readonly answers: readonly GivenAnswer[];
};

const BATCH = 200;
/** For one queue. More would not fit in memory. */
const MOST_ITEMS = 50_000;

/** The answered or settled items of a queue, a few hundred at a time. */
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

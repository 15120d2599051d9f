import type { AnnotationValues } from "@treadle/contract";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { AnswerRow } from "../stores/answer-store.ts";
import { createAnsweredStore } from "../stores/answered-store.ts";
import type { ItemRow } from "../stores/work-store.ts";

/** An item with the answers that count. */
export type AnsweredItem = Pick<ItemRow, "id" | "metadata" | "isGold" | "gold" | "tolerance" | "status"> & {
  /** A reviewer's decision. Null if there is none. */
  readonly settled: AnnotationValues | null;
  readonly answers: readonly Pick<AnswerRow, "annotator" | "answers" | "order" | "msActive" | "itemId">[];
};

const BATCH = 500;

/** Items with at least this many answers, a few hundred at a time, so that nothing waits for all of them. */
export async function* readFacts(
  db: Postgres,
  queueId: string,
  { fewest }: { fewest: number },
): AsyncGenerator<AnsweredItem, void, void> {
  const store = createAnsweredStore(db);
  for (let after = ""; ; ) {
    const items = await store.listFacts(queueId, fewest, { limit: BATCH, after });
    const ids = items.map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined) return;
    after = last;
    const settled = new Map((await store.listAdjudications(ids)).map(({ itemId, answers }) => [itemId, answers]));
    const answers = Map.groupBy(await store.listAnswers(ids), ({ itemId }) => itemId);
    for (const item of items)
      yield { ...item, settled: settled.get(item.id) ?? null, answers: answers.get(item.id) ?? [] };
  }
}

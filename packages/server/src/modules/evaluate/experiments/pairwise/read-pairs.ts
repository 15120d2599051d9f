import type { Postgres } from "../../../../platform/postgres/port.ts";
import { sampleOf } from "../run/score-answer.ts";
import { createItemStore, type EvalItem } from "../stores/item-store.ts";
import { createResultStore, type ResultRow } from "../stores/result-store.ts";
import type { RunRow } from "../stores/run-store.ts";
import type { RunPair } from "./open-judging.ts";

/** Two answers to one item, as the judge reads them. */
export type AnswerPair = {
  readonly item: EvalItem;
  readonly base: RunRow;
  readonly head: RunRow;
  readonly baseText: string;
  readonly headText: string;
  /** The runs answered different inputs under the same id, as runs without a dataset may. */
  readonly isOtherItem: boolean;
};

/** The first answers without errors of each run to some items, by `run item`. */
export async function readTexts(
  db: Postgres,
  runIds: readonly string[],
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (itemIds.length === 0) return new Map();
  const texts = new Map<string, string>();
  for (const result of await createResultStore(db).listResults(runIds, itemIds)) {
    const key = textKey(result.runId, result.itemId);
    if (result.state === "ok" && !texts.has(key)) texts.set(key, textOf(result));
  }
  return texts;
}

export const textKey = (runId: string, itemId: string) => `${runId} ${itemId}`;

/** The pairs of answers to some items, item by item in their order. */
export async function readPairs(
  db: Postgres,
  { runs, pairs }: { readonly runs: readonly RunRow[]; readonly pairs: readonly RunPair[] },
  itemIds: readonly string[],
): Promise<AnswerPair[]> {
  const runIds = runs.map(({ id }) => id);
  const texts = await readTexts(db, runIds, itemIds);
  const sets = new Map<string, ReadonlyMap<string, EvalItem>>();
  for (const { itemSetId } of runs)
    if (itemSetId !== null && !sets.has(itemSetId))
      sets.set(
        itemSetId,
        new Map((await createItemStore(db).listByIds(itemSetId, itemIds)).map((item) => [item.itemId, item])),
      );
  const itemOf = ({ itemSetId }: RunRow, itemId: string) => sets.get(itemSetId ?? "")?.get(itemId);
  return itemIds.flatMap((itemId) =>
    pairs.flatMap(({ base: { row: base }, head: { row: head } }): AnswerPair[] => {
      const [item, other] = [itemOf(base, itemId), itemOf(head, itemId)];
      const [baseText, headText] = [texts.get(textKey(base.id, itemId)), texts.get(textKey(head.id, itemId))];
      if (!item || !other || baseText === undefined || headText === undefined) return [];
      const isOtherItem = item !== other && JSON.stringify(item.inputs) !== JSON.stringify(other.inputs);
      return [{ item, base, head, baseText, headText, isOtherItem }];
    }),
  );
}

/** An answer as text, with the calls of tools that it made. */
function textOf(result: ResultRow): string {
  const { toolCalls = [] } = sampleOf({ inputs: {}, expected: null, metadata: {} }, result, null);
  if (toolCalls.length === 0) return result.output;
  return `${result.output}\n\n[calls of tools]\n${JSON.stringify(toolCalls, null, 1)}`.trimStart();
}

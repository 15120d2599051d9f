import type { RunScorer, ScoreState } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createItemStore, type EvalItem } from "../stores/item-store.ts";
import { createResultStore } from "../stores/result-store.ts";
import type { RunRow } from "../stores/run-store.ts";
import { createValueStore } from "../stores/summary-store.ts";
import { scorerOf } from "./run-items.ts";

const PAGE = 200;

/** The score of the first answer to an item by a scorer. */
export type JudgedItem = Pick<EvalItem, "itemId" | "inputs" | "expected" | "metadata" | "split"> & {
  readonly state: ScoreState;
  readonly value: number | null;
  readonly label: string | null;
  readonly reason: string;
};

/** The scores of a run's scorers, for modules that evaluate scorers. */
export const createJudgedScores = (db: Postgres, find: (scope: Scope, runId: string) => Promise<RunRow>) => ({
  async listScorers(scope: Scope, runId: string): Promise<readonly RunScorer[]> {
    return (await find(scope, runId)).scorers;
  },

  /** Item by item, in the order of their ids. Throws `not_found` for a score that the run does not have. */
  async *readItems(scope: Scope, runId: string, key: string): AsyncGenerator<JudgedItem, void, void> {
    const run = await find(scope, runId);
    const scorer = scorerOf(run, key)?.key ?? key;
    for (let after = ""; ; ) {
      const itemIds = await createResultStore(db).listItemIds(runId, { after, limit: PAGE });
      const last = itemIds.at(-1);
      if (last === undefined) return;
      after = last;
      const items = await createItemStore(db).listByIds(run.itemSetId ?? "", itemIds);
      const scores = await createResultStore(db).listScores([runId], itemIds);
      const first = new Map(
        scores.filter((one) => one.scorer === scorer && one.repeat === 0).map((one) => [one.itemId, one]),
      );
      for (const { itemId, inputs, expected, metadata, split } of items) {
        const score = first.get(itemId);
        if (!score) continue;
        const { state, value, label, reason } = score;
        yield { itemId, inputs, expected, metadata, split, state, value, label, reason };
      }
    }
  },

  /** Each item's mean over its repeats. */
  async values(scope: Scope, runId: string, key: string): Promise<ReadonlyMap<string, number>> {
    await find(scope, runId);
    const rows = await createValueStore(db).values(runId, key);
    return new Map(rows.map(({ itemId, value }) => [itemId, value]));
  },
});

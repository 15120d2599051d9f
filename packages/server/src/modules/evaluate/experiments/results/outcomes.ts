import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createItemStore, type EvalItem } from "../stores/item-store.ts";
import { createOutcomeStore, type Outcome, type OutcomeFilter } from "../stores/outcome-store.ts";
import { createResultStore, type ResultRow, type ScoreRow } from "../stores/result-store.ts";
import { createRunStore } from "../stores/run-store.ts";

/** An item with the answers and scores of several runs, in the order of the runs. Null where a run has none yet. */
export type AnsweredItem = {
  readonly item: EvalItem;
  readonly answers: readonly ({ readonly result: ResultRow; readonly scores: readonly ScoreRow[] } | null)[];
};

/** The answers of an experiment's runs side by side, for modules that compare runs in their own way. */
export const createOutcomes = (db: Postgres) => {
  async function runsOf({ projectId }: Scope, experimentId: string) {
    const runs = await createRunStore(db).listOf(projectId, [experimentId]);
    return { itemSetId: runs[0]?.itemSetId ?? "", runIds: runs.map(({ id }) => id) };
  }

  return {
    /** Every first answer with its score. */
    async list(scope: Scope, experimentId: string): Promise<Outcome[]> {
      const { itemSetId, runIds } = await runsOf(scope, experimentId);
      return createOutcomeStore(db).list(itemSetId, runIds);
    },

    /** In the order of the items' ids. `scoredIn` is the place of a run. */
    async listItems(
      scope: Scope,
      experimentId: string,
      { scoredIn, ...filter }: Omit<OutcomeFilter, "scoredIn"> & { readonly scoredIn: number | null },
    ): Promise<AnsweredItem[]> {
      const { itemSetId, runIds } = await runsOf(scope, experimentId);
      const run = scoredIn === null ? null : (runIds[scoredIn] ?? "");
      const itemIds = await createOutcomeStore(db).listItemIds(itemSetId, { ...filter, scoredIn: run });
      return readItems(db, { itemSetId, runIds, itemIds });
    },

    async getItems(scope: Scope, experimentId: string, itemIds: readonly string[]): Promise<AnsweredItem[]> {
      return readItems(db, { ...(await runsOf(scope, experimentId)), itemIds });
    },
  };
};

type Reading = {
  readonly itemSetId: string;
  readonly runIds: readonly string[];
  readonly itemIds: readonly string[];
};

async function readItems(db: Postgres, { itemSetId, runIds, itemIds }: Reading): Promise<AnsweredItem[]> {
  if (itemIds.length === 0) return [];
  const items = await createItemStore(db).listByIds(itemSetId, itemIds);
  const results = await createResultStore(db).listResults(runIds, itemIds);
  const scores = await createResultStore(db).listScores(runIds, itemIds);
  const place = new Map(itemIds.map((id, at) => [id, at]));
  items.sort((a, b) => (place.get(a.itemId) ?? 0) - (place.get(b.itemId) ?? 0));
  return items.map((item) => ({
    item,
    answers: runIds.map((runId) => {
      const isOwn = (row: ResultRow | ScoreRow) =>
        row.runId === runId && row.itemId === item.itemId && row.repeat === 0;
      const result = results.find(isOwn);
      return result ? { result, scores: scores.filter(isOwn) } : null;
    }),
  }));
}

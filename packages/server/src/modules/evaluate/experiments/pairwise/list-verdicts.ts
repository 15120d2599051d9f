import type { PairwiseVerdict, VerdictsQuery } from "@treadle/contract";
import type { z } from "zod";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createItemStore } from "../stores/item-store.ts";
import { createRunStore } from "../stores/run-store.ts";
import type { JudgingRow } from "./judging-store.ts";
import { readTexts, textKey } from "./read-pairs.ts";
import { createVerdictStore, type VerdictRow } from "./verdict-store.ts";

type Asked = { readonly row: JudgingRow; readonly query: z.output<typeof VerdictsQuery> };

/**
 * The verdicts of a pairwise comparison in the order of the items' ids, each with both answers as the judge read them.
 */
export async function listVerdicts(
  { db }: { readonly db: Postgres },
  { projectId }: Scope,
  { row, query: { limit, cursor, ...filter } }: Asked,
) {
  const after = cursor === undefined ? null : placeIn(cursor);
  const rows = await createVerdictStore(db).list(row.id, filter, { limit: limit + 1, after });
  const page = toPage(rows, limit, ({ itemId, baseRunId, headRunId }) => [itemId, baseRunId, headRunId]);
  const itemIds = [...new Set(page.items.map(({ itemId }) => itemId))];
  const texts = await readTexts(db, row.input.runs, itemIds);
  const inputs = new Map<string, unknown>();
  const runs = await createRunStore(db).listByIds(projectId, row.input.runs);
  const setId = runs.find(({ itemSetId }) => itemSetId !== null)?.itemSetId ?? null;
  if (setId !== null && itemIds.length > 0)
    for (const item of await createItemStore(db).listByIds(setId, itemIds)) inputs.set(item.itemId, item.inputs);
  return { ...page, items: page.items.map((verdict) => toVerdict(verdict, { texts, inputs })) };
}

function placeIn(cursor: string): readonly [string, string, string] {
  const [itemId = "", base = "", head = ""] = fromCursor(cursor, 3).map(String);
  return [itemId, base, head];
}

type Known = { readonly texts: ReadonlyMap<string, string>; readonly inputs: ReadonlyMap<string, unknown> };

function toVerdict(row: VerdictRow, { texts, inputs }: Known): PairwiseVerdict {
  const { itemId, baseRunId, headRunId, state, winner, baseFirst, headFirst, isSame, isCached, reason, calls } = row;
  return {
    itemId,
    base: baseRunId,
    head: headRunId,
    inputs: inputs.get(itemId) ?? null,
    state,
    winner,
    baseOutput: texts.get(textKey(baseRunId, itemId)) ?? null,
    headOutput: texts.get(textKey(headRunId, itemId)) ?? null,
    isConsistent: baseFirst === null || headFirst === null ? null : baseFirst === headFirst,
    isSame,
    isCached,
    reason,
    calls,
    costUsd: row.costUsd,
  };
}

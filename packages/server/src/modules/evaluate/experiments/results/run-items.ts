import type { ItemResult, RunItem, RunItemsQuery } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { fromCursor, toCursor } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createItemPageStore } from "../stores/item-page-store.ts";
import { createItemStore, type EvalItem } from "../stores/item-store.ts";
import { createResultStore, type ResultRow, type ScoreRow } from "../stores/result-store.ts";
import type { RunRow } from "../stores/run-store.ts";

const MOST_CHARACTERS = 2_000;
const MOST_OTHERS = 20;

/** The key of a run's score: the named key, or the main key. Throws `not_found` for a key that the run does not have. */
export function scorerOf({ id, scorers }: Pick<RunRow, "id" | "scorers">, key: string | undefined) {
  if (key === undefined) return scorers[0] ?? null;
  const found = scorers.find((scorer) => scorer.key === key);
  if (found) return found;
  const known = scorers.map((scorer) => `"${scorer.key}"`).join(", ");
  throw new AppError("not_found", {
    message: `The run ${id} has no score "${key}". Available scores: ${known || "none"}.`,
    details: { kind: "score", id: key },
  });
}

/** The items of a run for display, optionally next to the items of another run. */
export function createRunItems(db: Postgres, find: (scope: Scope, runId: string) => Promise<RunRow>) {
  return async function list(scope: Scope, runId: string, query: RunItemsQuery) {
    const run = await find(scope, runId);
    const base = query.base === undefined ? null : await find(scope, query.base);
    const others = await findAll(scope, query.also);
    const scorer = scorerOf(run, query.scorer);
    if ((query.changed !== undefined || query.sort === "regression" || query.sort === "improvement") && base === null)
      throw new AppError("invalid_request", {
        message: "Changes need a second run to compare with. Name one as `base`.",
        details: { param: "base" },
      });
    const offset =
      query.cursor === undefined ? 0 : Math.max(0, Math.trunc(Number(fromCursor(query.cursor, 1)[0])) || 0);
    const sign: 1 | -1 = scorer?.output.direction === "lower" ? -1 : 1;
    if (run.itemSetId === null) return { items: [], nextCursor: null, total: 0 };
    const place = { runId, itemSetId: run.itemSetId, baseRunId: base?.id ?? null, scorer: scorer?.key ?? null };
    const { itemIds, total } = await createItemPageStore(db).list({ ...place, sign, query, offset });
    const sides = { run, base, others, scorer: scorer?.key ?? null, sign, isWhole: query.whole };
    const items = await describe(db, { ...sides, itemIds });
    const end = offset + itemIds.length;
    return { items, nextCursor: itemIds.length > 0 && end < total ? toCursor([end]) : null, total };
  };

  async function findAll(scope: Scope, also: string | undefined): Promise<RunRow[]> {
    const runIds = [...new Set((also ?? "").split(",").filter(Boolean))];
    if (runIds.length > MOST_OTHERS)
      throw new AppError("invalid_request", {
        message: `At most ${MOST_OTHERS} other runs can be shown next to a run, but ${runIds.length} are named.`,
        details: { param: "also" },
      });
    const rows: RunRow[] = [];
    for (const runId of runIds) rows.push(await find(scope, runId));
    return rows;
  }
}

type Described = {
  readonly itemIds: readonly string[];
  readonly run: RunRow;
  readonly base: RunRow | null;
  readonly others: readonly RunRow[];
  readonly scorer: string | null;
  readonly sign: 1 | -1;
  readonly isWhole: boolean;
};

async function describe(db: Postgres, { itemIds, run, base, others, ...shownAs }: Described): Promise<RunItem[]> {
  if (itemIds.length === 0) return [];
  const { scorer, sign, isWhole } = shownAs;
  const runIds = [run, ...(base ? [base] : []), ...others].map(({ id }) => id);
  const store = createResultStore(db);
  const items = new Map(
    (await createItemStore(db).listByIds(run.itemSetId ?? "", itemIds)).map((item) => [item.itemId, item]),
  );
  const results = group(await store.listResults(runIds, itemIds));
  const scores = group(await store.listScores(runIds, itemIds));
  const cut = isWhole ? (value: unknown) => value : cutTexts;
  return itemIds.flatMap((itemId) => {
    const item = items.get(itemId);
    if (!item) return [];
    const sideOf = (of: RunRow) => {
      const key = `${of.id} ${itemId}`;
      return sideFrom(of, { results: results.get(key) ?? [], scores: scores.get(key) ?? [], isWhole });
    };
    const own = sideOf(run);
    const other = base && sideOf(base);
    return [
      {
        ...shown(item, cut),
        ...own,
        base: other,
        others: others.map((one) => ({ runId: one.id, ...sideOf(one) })),
        change: changeOf(own.values, other?.values, { scorer, sign }),
      },
    ];
  });
}

const shown = (
  { itemId, position, inputs, expected, metadata, split }: EvalItem,
  cut: (value: unknown) => unknown,
) => ({
  itemId,
  position,
  split,
  inputs: cut(inputs),
  expected: cut(expected ?? null),
  metadata: cut(metadata),
});

function group<Row extends { readonly runId: string; readonly itemId: string }>(rows: readonly Row[]) {
  return Map.groupBy(rows, ({ runId, itemId }) => `${runId} ${itemId}`);
}

type Values = Record<string, number | null>;
type Side = { readonly values: Values; readonly results: ItemResult[] };

function sideFrom(
  { scorers }: RunRow,
  { results, scores, isWhole }: { results: readonly ResultRow[]; scores: readonly ScoreRow[]; isWhole: boolean },
): Side {
  const values: Values = {};
  for (const { key } of scorers) {
    const own = scores.filter(({ scorer, state, value }) => scorer === key && state === "scored" && value !== null);
    values[key] = own.length === 0 ? null : own.reduce((sum, { value }) => sum + (value ?? 0), 0) / own.length;
  }
  const order = new Map(scorers.map(({ key }, place) => [key, place]));
  return {
    values,
    results: results.map((result) => ({
      ...toResult(result, isWhole),
      scores: scores
        .filter(({ repeat }) => repeat === result.repeat)
        .sort((a, b) => (order.get(a.scorer) ?? 99) - (order.get(b.scorer) ?? 99))
        .map(({ scorer, state, value, label, reason, details }) => ({
          scorer,
          state,
          value,
          label,
          reason,
          details: details ?? null,
        })),
    })),
  };
}

function toResult(row: ResultRow, isWhole: boolean): Omit<ItemResult, "scores"> {
  const { repeat, state, output, message, errorCode, errorMessage, traceId, spanId, isCached } = row;
  const { latencyMs, costUsd, inputTokens, outputTokens } = row;
  return {
    repeat,
    state,
    traceId,
    spanId,
    latencyMs,
    costUsd,
    inputTokens,
    outputTokens,
    isCached,
    output: isWhole ? output : cutText(output),
    message: isWhole ? (message ?? null) : cutTexts(message ?? null),
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? "" },
    replayed: row.replayed,
  };
}

function changeOf(own: Values, other: Values | undefined, { scorer, sign }: { scorer: string | null; sign: 1 | -1 }) {
  if (scorer === null) return null;
  const [now, before] = [own[scorer] ?? null, other?.[scorer] ?? null];
  return now === null || before === null ? null : (now - before) * sign;
}

const cutText = (text: string) =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS).toWellFormed()}…` : text;

function cutTexts(value: unknown): unknown {
  if (typeof value === "string") return cutText(value);
  if (Array.isArray(value)) return value.map(cutTexts);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cutTexts(each)]));
}

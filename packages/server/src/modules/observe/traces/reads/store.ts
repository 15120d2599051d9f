import type { SPAN_ORDERS, SpanFilter, SpanSummary, SpanValueField } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { isNarrow, MODEL, whereSpans } from "../filter/filter-sql.ts";
import type { ListFilter } from "../filter/hide-probes.ts";
import { scoresOf } from "../filter/judgement-sql.ts";
import { ownersAround } from "../filter/owner-sql.ts";
import { FullRow, SummaryRow, toSummary } from "../rows/read-span.ts";
import { createEasyLooks, findNewest, isBefore, isSince, lookBackByStretch, type Stretch } from "./newest-sql.ts";

const MAX_VALUES = 100;

export type SpanOrder = (typeof SPAN_ORDERS)[number];
export type SpanPageQuery = SpanFilter & {
  limit: number;
  cursor?: string;
  order: SpanOrder;
  direction: "asc" | "desc";
};
export type ValueField = SpanValueField;

const columnsOf = (row: z.ZodObject) =>
  Object.keys(row.shape).filter((column) => column !== "start_micros" && !/^(metadata|attribute)_/.test(column));
const START_MICROS = "toString(toUnixTimestamp64Micro(start_time)) AS start_micros";
const SUMMARY = [START_MICROS, ...columnsOf(SummaryRow)].join(", ");
/** All columns of a span, as `FullRow` reads them. */
export const FULL = [
  START_MICROS,
  ...columnsOf(FullRow),
  ...["metadata", "attribute"].flatMap((map) => {
    const column = map === "metadata" ? map : "attributes";
    return [`mapKeys(${column}) AS ${map}_keys`, `mapValues(${column}) AS ${map}_values`];
  }),
].join(", ");

/** The sort value of a list, never null: spans without the value come last in both directions. */
const ORDER_VALUES: Readonly<Record<SpanOrder, (isDescending: boolean) => string>> = {
  startTime: () => "toFloat64(0)",
  durationMs: () => "duration_ms",
  costUsd: (isDescending) => `ifNull(cost_usd, ${isDescending ? "-1" : "1e300"})`,
  inputTokens: () => "toFloat64(input_tokens)",
  outputTokens: () => "toFloat64(output_tokens)",
  timeToFirstTokenMs: (isDescending) => `ifNull(ttft_ms, ${isDescending ? "-1" : "1e300"})`,
};

const VALUE_COLUMNS: Readonly<Record<ValueField, string>> = {
  model: MODEL,
  provider: "provider",
  endpoint: "endpoint",
  userId: "user_id",
  sessionId: "session_id",
  tag: "arrayJoin(tags)",
  name: "name",
  service: "service",
  environment: "environment",
  errorType: "error_type",
  prompt: "prompt_name",
  release: "release",
  dialect: "dialect",
  traceName: "trace_name",
  metadataKey: "arrayJoin(mapKeys(metadata))",
  attributeKey: "arrayJoin(mapKeys(attributes))",
  scoreName: "name",
};

/** Reads the table `spans`. Every method takes the project first. */
export function createSpanStore(columnar: Columnar) {
  const easyLooks = createEasyLooks(columnar);

  /** Lists of all spans find enough in little; of some among all it is not known. */
  async function beginLooks(projectId: string, filter: ListFilter) {
    const { from, to, hidesProbes: _hides, ...narrowing } = filter;
    const isOfAll = Object.values(narrowing).every((value) => !value);
    return isOfAll ? { newest: await findNewest(columnar, projectId, { to }) } : easyLooks(projectId, { from, to });
  }

  return {
    /**
     * One page by (order, start, span id), so that rows which arrive meanwhile move nothing on the pages after the cursor. A span that was
     * sent twice is given once, so a page can be shorter than its limit.
     */
    async listPage(projectId: string, { limit, cursor, ...query }: SpanPageQuery) {
      const { order, direction, ...filter } = query;
      const after = cursor === undefined ? null : readSpanCursor(cursor, order, direction);
      const look = (stretch: Stretch) => readPage(columnar, projectId, { ...query, after, ...stretch });
      const isByStretch = order === "startTime" && direction === "desc" && !isNarrow(filter);
      const begin = () => (after ? { newest: Number(after.micros) } : beginLooks(projectId, filter));
      const rows = isByStretch
        ? await lookBackByStretch({ ...(await begin()), from: filter.from, wanted: limit + 1, look })
        : await look({ since: null, before: null, rows: limit + 1 });
      const { items, nextCursor } = toPage(rows, limit, (last) => [
        order,
        direction,
        last.order_bits,
        String(last.start_micros),
        last.span_id,
      ]);
      const once = items.filter((row, index) => index === 0 || keyOf(row) !== keyOf(items[index - 1]));
      return { items: once.map((row): SpanSummary => toSummary(row, row.start_micros)), nextCursor };
    },
    /** The values of a field, most frequent first. */
    listValues(
      projectId: string,
      { field, prefix, ...times }: { field: ValueField; prefix?: string; from?: string; to?: string },
    ) {
      // A score comes when it comes: the names of all of them are few.
      const isOfScore = field === "scoreName";
      const where = whereSpans(projectId, isOfScore ? {} : times);
      return columnar.select({
        sql: `SELECT ${VALUE_COLUMNS[field]} AS value, count() AS count FROM ${isOfScore ? scoresOf() : "spans"} WHERE ${where.sql}
          GROUP BY value HAVING value != '' AND ({prefix:String} = '' OR positionCaseInsensitiveUTF8(value, {prefix:String}) = 1)
          ORDER BY count DESC, value LIMIT ${MAX_VALUES}`,
        params: { ...where.params, prefix: prefix ?? "" },
        row: z.object({ value: z.string(), count: z.coerce.number() }),
      });
    },
  };
}

const PageRow = SummaryRow.extend({ order_bits: z.string() });
const keyOf = (row: z.infer<typeof PageRow> | undefined) => `${row?.trace_id} ${row?.span_id}`;

type Look = Omit<SpanPageQuery, "limit" | "cursor"> &
  Stretch & { readonly after: ReturnType<typeof readSpanCursor> | null };

function readPage(
  columnar: Columnar,
  projectId: string,
  { order, direction, after, since, before, rows, ...filter }: Look,
) {
  const { clause, sql, params } = whereSpans(projectId, filter, ownersAround(filter, { since, before }));
  const value = ORDER_VALUES[order](direction === "desc");
  const isAfter = `(${value}, start_time, span_id) ${direction === "desc" ? "<" : ">"} (reinterpretAsFloat64({orderBits:UInt64}), fromUnixTimestamp64Micro({micros:Int64}, 'UTC'), {spanId:String})`;
  return columnar.select({
    sql: `SELECT ${SUMMARY}, toString(reinterpretAsUInt64(${value})) AS order_bits FROM spans
      ${clause} ${sql} ${isSince(since)} ${isBefore(before)} ${after ? `AND ${isAfter}` : ""}
      ORDER BY ${order === "startTime" ? "" : `${value} ${direction}, `}start_time ${direction}, span_id ${direction} LIMIT {rows:UInt32}`,
    params: { ...params, ...after, since, before, rows },
    row: PageRow,
  });
}

function readSpanCursor(cursor: string, order: SpanOrder, direction: "asc" | "desc") {
  const [madeFor, madeTowards, orderBits, micros, spanId] = fromCursor(cursor, 5).map(String);
  const isWhole = /^\d{1,20}$/.test(orderBits ?? "") && /^-?\d{1,17}$/.test(micros ?? "");
  if (madeFor !== order || madeTowards !== direction || !isWhole)
    throw new AppError("invalid_request", {
      message: "The cursor belongs to a different sort order of this list. Start again without a cursor.",
    });
  return { orderBits, micros, spanId };
}

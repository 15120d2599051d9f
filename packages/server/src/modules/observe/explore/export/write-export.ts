import { type EXPORT_FORMATS, MOST_EXPORTED, type SpanFilter, type TraceSummary } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Sink } from "../../../../kernel/sink.ts";
import { mayReadContent } from "../../content/index.ts";
import type { Where } from "../metrics/metrics-store.ts";
import { csvLine } from "./csv.ts";
import { type TraceColumn, traceColumnsOf } from "./export-columns.ts";
import type { createExportStore } from "./export-store.ts";

type Format = (typeof EXPORT_FORMATS)[number];
export type ExportQuery = SpanFilter & {
  readonly format: Format;
  readonly limit?: number;
  readonly formulas: "quote" | "keep";
  readonly payloads?: boolean;
};
type TracePage = { readonly items: TraceSummary[]; readonly nextCursor: string | null };
type Deps = {
  readonly store: ReturnType<typeof createExportStore>;
  readonly clock: Clock;
  whereSpans(projectId: string, filter: SpanFilter): Where;
  listTraces(scope: Scope, query: SpanFilter & { limit: number; cursor?: string }): Promise<TracePage>;
};
/** A table on its way into a file: the names of its columns, and its rows a page at a time. */
type Source = {
  readonly thing: "spans" | "traces";
  readonly total: number;
  readonly names: readonly string[];
  /** The places of the columns that are JSON as text. */
  readonly jsonPlaces: ReadonlySet<number>;
  readonly pages: AsyncIterable<readonly (readonly unknown[])[]>;
  asParquet(): Promise<Buffer>;
};
type Target = { readonly scope: Scope; readonly query: ExportQuery; readonly sink: Sink; readonly signal: AbortSignal };

type FileOrder = { readonly isWithPayloads: boolean; readonly signal: AbortSignal };

const USUAL_ROWS = 100_000;
const TRACE_PAGE = 200;
const TYPES: Readonly<Record<Format, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/jsonl; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
};

/** Files of what a list shows. CSV and JSON lines are sent as they are read; nothing is held but a page. */
export function createExports({ store, clock, whereSpans, listTraces }: Deps) {
  async function send(target: Target, source: Source): Promise<void> {
    const { scope, query, sink } = target;
    const file = query.format === "parquet" ? await source.asParquet() : null;
    const rows = Math.min(source.total, limitOf(query));
    sink.head(200, {
      "content-type": TYPES[query.format],
      "content-disposition": `attachment; filename="${fileName(source.thing, scope.projectId, clock.now())}.${query.format}"`,
      "cache-control": "no-store",
      "x-treadle-rows": String(rows),
      "x-treadle-total-rows": String(source.total),
    });
    if (file !== null) return sink.end(file);
    await stream(target, source);
  }

  return {
    async spans(target: Target): Promise<void> {
      const { scope, query, signal } = target;
      const where = whereSpans(scope.projectId, filterOf(query));
      const hasContent = mayReadContent(scope);
      if (query.payloads && !hasContent) throw payloadsRefused();
      const order = { isWithPayloads: query.payloads === true, hasContent, limit: limitOf(query), signal };
      const columns = store.columnsOf(order);
      await send(target, {
        thing: "spans",
        total: await store.countSpans(where, signal),
        names: columns.map(({ name }) => name),
        jsonPlaces: new Set(columns.flatMap(({ isJson }, place) => (isJson ? [place] : []))),
        pages: store.readSpans(where, order),
        asParquet: () => store.spansAsParquet(where, order),
      });
    },

    /** The spans of a filter as one Parquet file; null when there are more than one file holds. */
    async parquetOf(projectId: string, filter: SpanFilter, { isWithPayloads, signal }: FileOrder) {
      const where = whereSpans(projectId, filter);
      const rows = await store.countSpans(where, signal);
      if (rows > MOST_EXPORTED.parquet) return null;
      const bytes = await store.spansAsParquet(where, {
        isWithPayloads,
        hasContent: true,
        limit: MOST_EXPORTED.parquet,
        signal,
      });
      return { rows, bytes };
    },

    async traces(target: Target): Promise<void> {
      const { scope, query, signal } = target;
      const filter = filterOf(query);
      const where = whereSpans(scope.projectId, filter);
      const limit = limitOf(query);
      const hasContent = mayReadContent(scope);
      const columns = traceColumnsOf(hasContent);
      await send(target, {
        thing: "traces",
        total: await store.countTraces(where, signal),
        names: columns,
        jsonPlaces: new Set(),
        pages: readTraces((cursor) => listTraces(scope, { ...filter, limit: Math.min(limit, TRACE_PAGE), cursor }), {
          limit,
          columns,
        }),
        asParquet: () => store.tracesAsParquet(scope.projectId, where, { limit, hasContent, signal }),
      });
    },
  };
}

const payloadsRefused = () =>
  new AppError("forbidden", {
    message:
      'Payloads are the content of traces. They need the permission "traces:content". Export without `payloads`.',
    details: { permission: "traces:content" },
  });

function limitOf({ format, limit }: ExportQuery): number {
  const most = MOST_EXPORTED[format];
  if (limit === undefined || limit <= most) return limit ?? Math.min(USUAL_ROWS, most);
  throw new AppError("invalid_request", {
    message: `A Parquet file holds at most ${most} rows, not ${limit}. Use a shorter time, or \`format=jsonl\`.`,
    details: { param: "limit", most },
  });
}

const filterOf = ({ format: _, limit: __, formulas: ___, payloads: ____, ...filter }: ExportQuery): SpanFilter =>
  filter;

const fileName = (thing: string, projectId: string, now: number) =>
  `treadle-${thing}-${projectId}-${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

async function* readTraces(
  read: (cursor?: string) => Promise<TracePage>,
  { limit, columns }: { readonly limit: number; readonly columns: readonly TraceColumn[] },
): AsyncGenerator<unknown[][]> {
  let cursor: string | undefined;
  for (let left = limit; left > 0; left -= TRACE_PAGE) {
    const { items, nextCursor } = await read(cursor);
    yield items.slice(0, left).map((trace) => columns.map((name) => trace[name]));
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}

async function stream({ query, sink, signal }: Target, { names, jsonPlaces, pages }: Source): Promise<void> {
  const options = { quotesFormulas: query.formulas === "quote" };
  const lineOf =
    query.format === "csv" ? (row: readonly unknown[]) => csvLine(row, options) : jsonLineOf(names, jsonPlaces);
  if (query.format === "csv") sink.write(csvLine(names, { quotesFormulas: false }));
  for await (const rows of pages) {
    const isReady = sink.write(rows.map(lineOf).join(""));
    if (!isReady) await sink.drained();
    if (!sink.isOpen() || signal.aborted) return;
  }
  sink.end();
}

const jsonLineOf = (names: readonly string[], jsonPlaces: ReadonlySet<number>) => (row: readonly unknown[]) => {
  const valueAt = (place: number) => (jsonPlaces.has(place) ? fromJson(row[place]) : row[place]);
  return `${JSON.stringify(Object.fromEntries(names.map((name, place) => [name, valueAt(place)])))}\n`;
};

const fromJson = (text: unknown): unknown => (typeof text !== "string" || text === "" ? null : JSON.parse(text));

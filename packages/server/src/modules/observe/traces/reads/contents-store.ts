import type { SpanContent } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { fromMicros } from "../rows/micros.ts";
import { fromJson } from "../rows/read-span.ts";
import { OF_TRACE } from "./trace-spans-store.ts";

/** The maximum bytes of log contents per read, in whole spans. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_OF_SPAN = 1_000;
/** Lists need only the first and last records of each, and of those only the ones up to this size. */
const ENDS = 10;
const MAX_PREVIEWED_BYTES = 65_536;

type Ids = { readonly traceId: string; readonly spanId: string };
type OfSpans = { readonly projectId: string; readonly traceId: string; readonly spanIds: readonly string[] };
type Said = Ids & { readonly content: SpanContent };

const ContentRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  name: z.string(),
  body: z.string(),
  attributes: z.string(),
  micros: z.coerce.number(),
});
const SizeRow = z.object({ span_id: z.string(), bytes: z.coerce.number() });

const COLUMNS = "trace_id, span_id, name, body, attributes, time, toString(toUnixTimestamp64Micro(time)) AS micros";
/** A record that was sent twice is given once. */
const once = (where: string) =>
  `(SELECT ${COLUMNS} FROM span_contents WHERE ${where} ORDER BY time LIMIT 1 BY trace_id, span_id, name, time, body, attributes)`;
const OF_SPANS = `${OF_TRACE} AND span_id IN {spanIds:Array(String)}`;
/** Their ids are part of an address, and that may not become long. */
const SPANS_AT_ONCE = 200;

/** Contents of spans from log records. Every method takes the project first. Contents are in chronological order. */
export function createContentsStore(columnar: Pick<Columnar, "select">) {
  /** The number of content bytes of each of these spans, by its id. */
  async function measure(params: OfSpans): Promise<ReadonlyMap<string, number>> {
    const sizes = await columnar.select({
      sql: `SELECT span_id, sum(length(body) + length(attributes)) AS bytes FROM span_contents WHERE ${OF_SPANS} GROUP BY span_id`,
      params,
      row: SizeRow,
    });
    return new Map(sizes.map(({ span_id: spanId, bytes }) => [spanId, bytes]));
  }

  async function readSpans(params: OfSpans): Promise<Said[]> {
    if (params.spanIds.length === 0) return [];
    const rows = await columnar.select({
      sql: `SELECT * FROM ${once(OF_SPANS)} ORDER BY time LIMIT ${MAX_OF_SPAN} BY span_id`,
      params,
      row: ContentRow,
    });
    return rows.map(toSaid);
  }

  async function hasContents(params: { projectId: string; traceId: string }): Promise<boolean> {
    const sql = `SELECT span_id FROM span_contents WHERE ${OF_TRACE} LIMIT 1`;
    return (await columnar.select({ sql, params, row: z.object({ span_id: z.string() }) })).length > 0;
  }

  /** The number of first records of each group, and of last records. */
  async function readEnds(groupBy: string, { where, params }: { where: string; params: Record<string, unknown> }) {
    const previewed = once(`${where} AND length(body) + length(attributes) <= ${MAX_PREVIEWED_BYTES}`);
    const rows = await columnar.select({
      sql: `SELECT * FROM (SELECT * FROM ${previewed} ORDER BY time LIMIT ${ENDS} BY ${groupBy})
        UNION DISTINCT SELECT * FROM (SELECT * FROM ${previewed} ORDER BY time DESC LIMIT ${ENDS} BY ${groupBy})`,
      params,
      row: ContentRow,
    });
    return rows.sort((left, right) => left.micros - right.micros).map(toSaid);
  }

  return {
    /** By the span's id. If a trace has more than one read allows, the contents of its first spans. */
    async listOfSpans(projectId: string, { traceId, spanIds }: { traceId: string; spanIds: readonly string[] }) {
      const ids = { projectId, traceId };
      const contentRows: Said[] = [];
      let left = spanIds.length > 0 && (await hasContents(ids)) ? MAX_BYTES : 0;
      for (let from = 0; from < spanIds.length && left > 0; from += SPANS_AT_ONCE) {
        const some = spanIds.slice(from, from + SPANS_AT_ONCE);
        const sizes = await measure({ ...ids, spanIds: some });
        const fitting = some.filter((spanId) => {
          const isFitting = left > 0 && sizes.has(spanId);
          left -= sizes.get(spanId) ?? 0;
          return isFitting;
        });
        contentRows.push(...(await readSpans({ ...ids, spanIds: fitting })));
      }
      return group(contentRows, ({ spanId }) => spanId);
    },
    /** The previews in a list of spans, by the ids of trace and span. */
    async previewSpans(projectId: string, spans: readonly Ids[]) {
      if (spans.length === 0) return new Map<string, SpanContent[]>();
      const where = `project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)} AND span_id IN {spanIds:Array(String)}`;
      const params = {
        projectId,
        traceIds: [...new Set(spans.map(({ traceId }) => traceId))],
        spanIds: spans.map(({ spanId }) => spanId),
      };
      return group(await readEnds("trace_id, span_id", { where, params }), keyOf);
    },
    /** The previews in a list of traces, by trace id. */
    async previewTraces(projectId: string, traceIds: readonly string[]) {
      if (traceIds.length === 0) return new Map<string, SpanContent[]>();
      const where = "project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}";
      return group(await readEnds("trace_id", { where, params: { projectId, traceIds } }), ({ traceId }) => traceId);
    },
  };
}

export const keyOf = ({ traceId, spanId }: Ids) => `${traceId} ${spanId}`;

const toSaid = ({
  trace_id: traceId,
  span_id: spanId,
  name,
  body,
  attributes,
  micros,
}: z.infer<typeof ContentRow>): Said => ({
  traceId,
  spanId,
  content: {
    name,
    time: fromMicros(micros),
    body: fromJson(body),
    attributes: z.record(z.string(), z.unknown()).parse(fromJson(attributes) ?? {}),
  },
});

function group(said: readonly Said[], groupOf: (each: Said) => string): ReadonlyMap<string, SpanContent[]> {
  const groups = new Map<string, SpanContent[]>();
  for (const each of said) {
    const list = groups.get(groupOf(each));
    if (list) list.push(each.content);
    else groups.set(groupOf(each), [each.content]);
  }
  return groups;
}

import { z } from "zod";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { CallPlace, StoredCall } from "./stored-call.ts";

/** A condition on spans. */
export type CallWhere = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };
/** Which of the matching calls are read. Without a threshold, all of them. */
export type Sampled = CallWhere & { readonly threshold: string | null };

const CountRow = z.object({ count: z.coerce.number() });
const ThresholdRow = z.object({ threshold: z.string() });
const PlaceRow = z.object({
  micros: z.string(),
  trace_id: z.string(),
  span_id: z.string(),
  bytes: z.coerce.number(),
});
const CallRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  endpoint: z.string(),
  day: z.string(),
  guard: z.string(),
  input: z.string(),
  output: z.string(),
});

/** Only the gateway sets this attribute. */
const IS_CALL = "kind IN ('generation', 'embedding') AND mapContains(attributes, 'treadle.wire')";
const RANDOM = "cityHash64(trace_id, span_id, 'guard-preview')";
const MICROS = "toUnixTimestamp64Micro(start_time)";
/** With these actions, the stored texts are the texts of the call. */
const UNCHANGED: ReadonlySet<string> = new Set(["", "allow", "observe", "flag"]);

type Select = Pick<Columnar, "select">;

/** The calls of the gateway, newest first. The condition names the project. */
export const createCallStore = (columnar: Select) => ({
  ...createSampling(columnar),
  ...createPlaces(columnar),
  ...createReading(columnar),
});
export type CallStore = ReturnType<typeof createCallStore>;

const createSampling = (columnar: Select) => ({
  async count({ sql, params }: CallWhere): Promise<number> {
    const text = `SELECT count() AS count FROM spans WHERE ${sql} AND ${IS_CALL}`;
    const [row] = await columnar.select({ sql: text, params, row: CountRow });
    return row?.count ?? 0;
  },

  /** The value of the random order up to which a sample of this size lies. */
  async findThreshold({ sql, params }: CallWhere, size: number): Promise<string> {
    const drawn = `SELECT ${RANDOM} AS value FROM spans WHERE ${sql} AND ${IS_CALL} ORDER BY value LIMIT {size:UInt32}`;
    const [row] = await columnar.select({
      sql: `SELECT toString(max(value)) AS threshold FROM (${drawn})`,
      params: { ...params, size },
      row: ThresholdRow,
    });
    return row?.threshold ?? "0";
  },
});

type Listing = { readonly after: CallPlace | null; readonly limit: number };

const createPlaces = (columnar: Select) => ({
  /** The next places after one, with the sizes of their payloads. */
  async listPlaces(sampled: Sampled, { after, limit }: Listing) {
    const where = [inSample(sampled), ...(after ? [isAfter(after)] : [])];
    const rows = await columnar.select({
      sql: `SELECT toString(${MICROS}) AS micros, trace_id, span_id, length(input) + length(output) AS bytes
        FROM spans WHERE ${where.map(({ sql }) => sql).join(" AND ")}
        ORDER BY start_time DESC, trace_id DESC, span_id DESC LIMIT {limit:UInt32}`,
      params: { limit, ...Object.assign({}, ...where.map(({ params }) => params)) },
      row: PlaceRow,
    });
    return rows.map(({ micros, trace_id: traceId, span_id: spanId, bytes }) => ({ micros, traceId, spanId, bytes }));
  },
});

const inSample = ({ sql, params, threshold }: Sampled): CallWhere =>
  threshold === null
    ? { sql: `${sql} AND ${IS_CALL}`, params }
    : { sql: `${sql} AND ${IS_CALL} AND ${RANDOM} <= {threshold:UInt64}`, params: { ...params, threshold } };

const isAfter = ({ micros, traceId, spanId }: CallPlace): CallWhere => ({
  sql: `start_time <= fromUnixTimestamp64Micro({afterMicros:Int64}, 'UTC')
    AND (${MICROS}, trace_id, span_id) < ({afterMicros:Int64}, {afterTraceId:String}, {afterSpanId:String})`,
  params: { afterMicros: micros, afterTraceId: traceId, afterSpanId: spanId },
});

const createReading = (columnar: Select) => ({
  /** The calls of some places, in their order. */
  async read(projectId: string, places: readonly CallPlace[]): Promise<StoredCall[]> {
    const rows = await columnar.select({
      sql: `SELECT trace_id, span_id, endpoint, toString(toDate(start_time, 'UTC')) AS day,
          attributes['treadle.guard.action'] AS guard, input, output
        FROM spans WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}
          AND span_id IN {spanIds:Array(String)}`,
      params: {
        projectId,
        traceIds: [...new Set(places.map(({ traceId }) => traceId))],
        spanIds: places.map(({ spanId }) => spanId),
      },
      row: CallRow,
    });
    const byKey = new Map(rows.map((row) => [`${row.trace_id} ${row.span_id}`, toCall(row)]));
    return places.flatMap(({ traceId, spanId }) => byKey.get(`${traceId} ${spanId}`) ?? []);
  },
});

const toCall = ({ trace_id: traceId, span_id: spanId, guard, ...row }: z.infer<typeof CallRow>): StoredCall => ({
  traceId,
  spanId,
  isChanged: !UNCHANGED.has(guard),
  ...row,
});

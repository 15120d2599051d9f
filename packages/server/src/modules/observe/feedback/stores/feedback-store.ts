import { FEEDBACK_SIGNALS, FEEDBACK_SOURCES, type FeedbackFilter } from "@treadle/contract";
import { z } from "zod";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { conditionsOf } from "./filter-sql.ts";

const FeedbackRow = z.object({
  feedback_id: z.string(),
  slot: z.string(),
  version: z.coerce.number(),
  is_retracted: z.coerce.boolean(),
  trace_id: z.string(),
  span_id: z.string(),
  session_id: z.string(),
  response_id: z.string(),
  name: z.string(),
  kind: z.string(),
  value: z.number().nullable(),
  label: z.string(),
  comment: z.string(),
  correction: z.string(),
  expected_output: z.string(),
  signal: z.enum(FEEDBACK_SIGNALS).or(z.literal("")),
  signal_detail: z.string(),
  user_id: z.string(),
  given_by: z.string(),
  source: z.enum(FEEDBACK_SOURCES),
  metadata: z.string(),
  consent: z.coerce.boolean(),
  body_hash: z.string(),
  micros: z.coerce.number(),
});
export type FeedbackRow = z.output<typeof FeedbackRow>;
export type ListPlace = { readonly micros: number; readonly feedbackId: string };

const COLUMNS = Object.keys(FeedbackRow.shape).filter((column) => column !== "micros");
const MICROS = "toString(toUnixTimestamp64Micro(time)) AS micros";
/** A span event as feedback: given when its span started, by an unknown user, and never withdrawn. */
const OF_EVENTS: Readonly<Record<string, string>> = {
  feedback_id:
    "concat('fbo_', toString(toUnixTimestamp64Micro(time)), '_', lower(hex(sipHash64(trace_id, span_id, name))))",
  version: "toUInt64(toUnixTimestamp64Micro(time))",
  is_retracted: "false",
  trace_id: "trace_id",
  span_id: "span_id",
  name: "name",
  kind: "if(isNotNull(value), 'number', if(label != '', 'category', ''))",
  value: "value",
  label: "label",
  comment: "comment",
  source: "'otel'",
  consent: "false",
};
const MOST_VERSIONS = 200;
const EVENT_ID = /^fbo_(\d{1,17})_([0-9a-f]{16})$/;

const events = (condition: string) =>
  `SELECT time, ${COLUMNS.map((column) => `${OF_EVENTS[column] ?? "''"} AS ${column}`).join(", ")}
    FROM (SELECT * FROM scores WHERE project_id = {projectId:String} AND source = 'otel' AND ${condition})`;

type Look = { readonly filter: FeedbackFilter; readonly place: ListPlace | null; readonly limit: number };

/** All that was given, also what has been replaced since, newest first. */
function listGiven(columnar: Pick<Columnar, "select">, projectId: string, { filter, place, limit }: Look) {
  const { ofSlot, ofEvent, ofRow, params } = conditionsOf(filter);
  const isAfter = place
    ? "(time, feedback_id) < (fromUnixTimestamp64Micro({afterMicros:Int64}, 'UTC'), {afterId:String})"
    : "true";
  return columnar.select({
    sql: `SELECT ${COLUMNS.join(", ")}, ${MICROS} FROM (
        SELECT time, ${COLUMNS.join(", ")} FROM feedback WHERE project_id = {projectId:String} AND NOT is_retracted AND ${ofSlot}
        UNION ALL ${events(ofEvent)})
      WHERE ${isAfter} AND ${ofRow}
      ORDER BY time DESC, feedback_id DESC LIMIT {limit:UInt32}`,
    params: { ...params, projectId, limit, afterMicros: place?.micros, afterId: place?.feedbackId },
    row: FeedbackRow,
  });
}

/** The newest version of each slot that these rows are of. */
async function readNewest(columnar: Pick<Columnar, "select">, projectId: string, rows: readonly FeedbackRow[]) {
  const slots = [...new Set(rows.flatMap(({ slot }) => (slot === "" ? [] : [slot])))];
  if (slots.length === 0) return new Map<string, number>();
  const found = await columnar.select({
    sql: `SELECT slot, toString(max(version)) AS newest FROM feedback
      WHERE project_id = {projectId:String} AND slot IN {slots:Array(String)} GROUP BY slot`,
    params: { projectId, slots },
    row: z.object({ slot: z.string(), newest: z.coerce.number() }),
  });
  return new Map(found.map(({ slot, newest }) => [slot, newest]));
}

/** Reads the table `feedback`, and the judgements that came within spans. */
export const createFeedbackStore = (columnar: Pick<Columnar, "select">) => ({
  /**
   * The current entries, newest first. Reads the most recent entries and drops those that are not the newest of their
   * slot. Most are, so little more is read than is needed, however much there is.
   */
  async list(projectId: string, filter: FeedbackFilter, { limit, after }: { limit: number; after: ListPlace | null }) {
    const found: FeedbackRow[] = [];
    for (let place = after, look = limit; ; look *= 2) {
      const rows = await listGiven(columnar, projectId, { filter, place, limit: look });
      const newest = await readNewest(columnar, projectId, rows);
      for (const row of rows) {
        // Rows that were written twice, as after a crash, are adjacent.
        const isAgain = found.at(-1)?.feedback_id === row.feedback_id;
        if (!isAgain && (row.slot === "" || newest.get(row.slot) === row.version)) found.push(row);
      }
      const last = rows.at(-1);
      if (!last || rows.length < look || found.length >= limit) return found.slice(0, limit);
      place = { micros: last.micros, feedbackId: last.feedback_id };
    }
  },

  /** All entries of this feedback's slot, newest first, including withdrawals. */
  listHistory: (projectId: string, feedbackId: string): Promise<FeedbackRow[]> =>
    columnar.select({
      sql: `WITH asked AS (SELECT slot FROM feedback WHERE project_id = {projectId:String} AND feedback_id = {feedbackId:String}
          AND NOT is_retracted ORDER BY trace_id != '' DESC LIMIT 1)
        SELECT ${COLUMNS.join(", ")}, ${MICROS} FROM feedback
        WHERE project_id = {projectId:String} AND slot IN asked
        ORDER BY version DESC LIMIT 1 BY version LIMIT ${MOST_VERSIONS}`,
      params: { projectId, feedbackId },
      row: FeedbackRow,
    }),

  /** The judgement of a span that has this id. */
  async findEvent(projectId: string, feedbackId: string): Promise<FeedbackRow | undefined> {
    const [, micros, hash] = EVENT_ID.exec(feedbackId) ?? [];
    if (micros === undefined) return undefined;
    const isIt =
      "time = fromUnixTimestamp64Micro({micros:Int64}, 'UTC') AND lower(hex(sipHash64(trace_id, span_id, name))) = {hash:String}";
    const [row] = await columnar.select({
      sql: `SELECT ${COLUMNS.join(", ")}, ${MICROS} FROM (${events(isIt)}) LIMIT 1`,
      params: { projectId, micros, hash },
      row: FeedbackRow,
    });
    return row;
  },

  /** The traces in the list that are recorded in the project. */
  async listRecorded(projectId: string, traceIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await columnar.select({
      sql: "SELECT DISTINCT trace_id FROM spans WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}",
      params: { projectId, traceIds },
      row: z.object({ trace_id: z.string() }),
    });
    return new Set(rows.map(({ trace_id }) => trace_id));
  },

  /** The ids of what counts now on these traces and their spans, the newest first, so many of a trace at most. */
  async listIdsOfTraces(projectId: string, traceIds: readonly string[], most: number) {
    const rows = await columnar.select({
      sql: `SELECT feedback_id, trace_id FROM (
          SELECT * FROM feedback WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}
          ORDER BY version DESC LIMIT 1 BY slot)
        WHERE NOT is_retracted ORDER BY version DESC LIMIT {most:UInt32} BY trace_id`,
      params: { projectId, traceIds, most },
      row: z.object({ feedback_id: z.string(), trace_id: z.string() }),
    });
    return rows.map(({ feedback_id: feedbackId, trace_id: traceId }) => ({ feedbackId, traceId }));
  },

  /** The current feedback on these answers that were unknown when it was given. */
  listOfAnswers: (projectId: string, responseIds: readonly string[]): Promise<FeedbackRow[]> =>
    columnar.select({
      sql: `SELECT ${COLUMNS.join(", ")}, ${MICROS} FROM (
          SELECT * FROM feedback WHERE project_id = {projectId:String} AND trace_id = '' AND response_id IN {responseIds:Array(String)}
          ORDER BY version DESC LIMIT 1 BY slot)
        WHERE NOT is_retracted`,
      params: { projectId, responseIds },
      row: FeedbackRow,
    }),
});

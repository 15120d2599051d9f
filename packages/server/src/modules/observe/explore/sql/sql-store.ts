import { SQL_TABLES } from "@treadle/contract";
import { z } from "zod";
import type { Columnar, Table } from "../../../../platform/columnar/port.ts";
import type { NamedTables } from "./check-statement.ts";
import { SQL_ANSWER_BYTES, SQL_MEMORY_BYTES, SQL_ROWS_READ, SQL_SECONDS } from "./describe-failure.ts";
import { CONTENT_COLUMNS } from "./sql-columns.ts";

type Name = (typeof SQL_TABLES)[number];

/** Feedback, which is read as scores too, has no time of receipt. */
const INTERNAL_COLUMNS = { spans: [], scores: ["received_at"], span_contents: [] } as const;

/** PREWHERE is done first: no condition of the statement sees a row of another project, not even to fail on it. */
const ownRows = (table: keyof typeof CONTENT_COLUMNS, hasContent: boolean) =>
  `SELECT * EXCEPT (${["project_id", ...INTERNAL_COLUMNS[table], ...(hasContent ? [] : CONTENT_COLUMNS[table])].join(", ")}) FROM ${table} PREWHERE project_id = {projectId:String}`;

const IS_CALL = "s.kind IN ('generation', 'embedding')";
const ROOT_FIRST = "(s.parent_span_id != '', s.start_time, s.span_id)";

/** The source of each name. A later one can read an earlier one. */
const definitionsOf = (hasContent: boolean): Readonly<Record<Name, string>> => ({
  spans: ownRows("spans", hasContent),
  scores: `${ownRows("scores", hasContent)} UNION ALL SELECT time, trace_id, span_id, name, value, label,${hasContent ? " comment," : ""} 'feedback' AS source FROM (
      SELECT time, trace_id, span_id, name, value, label, comment, is_retracted FROM feedback PREWHERE project_id = {projectId:String}
      WHERE trace_id != '' ORDER BY version DESC LIMIT 1 BY slot)
    WHERE NOT is_retracted AND (isNotNull(value) OR label != '')`,
  span_contents: ownRows("span_contents", hasContent),
  trace_summaries: `SELECT s.trace_id AS trace_id,
      argMin(if(s.trace_name != '', s.trace_name, s.name), ${ROOT_FIRST}) AS name,
      min(s.start_time) AS start_time,
      max(toUnixTimestamp64Micro(s.start_time) / 1000 + s.duration_ms) - min(toUnixTimestamp64Micro(s.start_time)) / 1000 AS duration_ms,
      argMin(s.status, ${ROOT_FIRST}) AS status,
      argMin(s.user_id, (s.user_id = '', s.start_time)) AS user_id,
      argMin(s.session_id, (s.session_id = '', s.start_time)) AS session_id,
      count() AS span_count,
      countIf(s.status = 'error') AS error_count,
      sumIf(s.input_tokens, ${IS_CALL}) AS input_tokens,
      sumIf(s.output_tokens, ${IS_CALL}) AS output_tokens,
      sumOrNullIf(s.cost_usd, ${IS_CALL} AND isNotNull(s.cost_usd)) AS cost_usd
    FROM spans AS s GROUP BY s.trace_id`,
});
const WITH_CONTENT = definitionsOf(true);
const WITHOUT_CONTENT = definitionsOf(false);

const STORED = ["spans", "scores", "span_contents", "feedback"] as const;

/** Without it a value that is the same in every row would count as one, and the answer could be as large as the memory. */
const WHOLE = "materialize";
const nameWithin = (name: string) => name.slice(WHOLE.length + 1, -1);

/** Settings are part of the SQL. Sent separately, they would remain set in the embedded engine's session. */
function settingsOf(projectId: string): string {
  // The filter again, from the engine's own side, should a name ever lead past ours. An id is letters, digits and underscores.
  const filters = STORED.map((table) => `'${table}':'project_id = \\'${checkedId(projectId)}\\''`).join(", ");
  return [
    `additional_table_filters = {${filters}}`,
    `max_execution_time = ${SQL_SECONDS}`,
    "timeout_overflow_mode = 'throw'",
    `max_memory_usage = ${SQL_MEMORY_BYTES}`,
    `max_rows_to_read = ${SQL_ROWS_READ}`,
    "read_overflow_mode = 'throw'",
    `max_result_bytes = ${SQL_ANSWER_BYTES}`,
    "result_overflow_mode = 'throw'",
    "max_threads = 2",
    "readonly = 2",
    "allow_introspection_functions = 0",
    "allow_experimental_analyzer = 1",
    "enable_global_with_statement = 1",
    // Cached data about another project's rows must not influence which rows are read.
    "use_query_cache = 0",
    "use_query_condition_cache = 0",
    // The statement's own order is the order of the answer.
    "query_plan_remove_redundant_sorting = 0",
    "optimize_duplicate_order_by_and_distinct = 0",
    "output_format_json_quote_64bit_integers = 1",
    "output_format_json_quote_denormals = 0",
  ].join(", ");
}

function checkedId(projectId: string): string {
  if (/^\w+$/.test(projectId)) return projectId;
  throw new Error("This project's id cannot be written into a statement.");
}

/** The names that are needed and what they are made of, as a `with` before a statement. */
function withOwnTables({ tables, hasContent }: Pick<Checked, "tables" | "hasContent">): string {
  const definitions = hasContent ? WITH_CONTENT : WITHOUT_CONTENT;
  const needed = SQL_TABLES.filter((name) => tables.has(name) || (name === "spans" && tables.has("trace_summaries")));
  return needed.length === 0 ? "" : `WITH ${needed.map((name) => `${name} AS (${definitions[name]})`).join(", ")} `;
}

const Lines = z.object({ line: z.string() });

/** Runs statements that the product did not write. They come as text into `format` alone, until they have been checked. */
export function createSqlStore(columnar: Columnar) {
  return {
    /** The statement as the engine's own parser understands it, as data: nothing of it is run. Throws for more than one. */
    async format(sql: string, signal: AbortSignal): Promise<string> {
      const [found] = await columnar.select({
        sql: "SELECT formatQuerySingleLine({statement:String}) AS line",
        params: { statement: sql },
        row: Lines,
        signal,
      });
      return found?.line ?? "";
    },
    /** The tree of a formatted statement. The statement must be valid in brackets. */
    readTree: (statement: string, signal: AbortSignal) =>
      columnar.explain({ sql: `EXPLAIN AST SELECT * FROM (${statement})`, params: {}, signal }),
    /** The plan of a checked statement over the project's own tables. */
    readPlan: (projectId: string, { signal, ...checked }: Checked) =>
      columnar.explain({
        sql: `EXPLAIN QUERY TREE ${compose(projectId, { ...checked, limit: 1 })}`,
        params: { projectId },
        signal,
      }),
    /** Runs a checked statement. */
    async run(projectId: string, { signal, ...checked }: Checked & { limit: number }): Promise<Table> {
      const sql = compose(projectId, checked);
      const { columns, ...answer } = await columnar.selectTable({ sql, params: { projectId }, signal });
      return { ...answer, columns: columns.map(({ name, type }) => ({ name: nameWithin(name), type })) };
    },
    /** The columns of a table as a statement sees them. */
    async listColumns(table: Name, hasContent: boolean): Promise<{ name: string; type: string }[]> {
      const sql = `DESCRIBE TABLE (${withOwnTables({ tables: new Set([table]), hasContent })}SELECT * FROM ${table})`;
      const { rows } = await columnar.selectTable({ sql, params: { projectId: "" } });
      return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
    },
  };
}

type Checked = {
  readonly statement: string;
  readonly tables: NamedTables;
  /** Whether the statement sees columns with text of traces. */
  readonly hasContent: boolean;
  readonly signal: AbortSignal;
};

const compose = (
  projectId: string,
  { statement, limit, ...named }: Omit<Checked, "signal"> & { readonly limit: number },
) =>
  `${withOwnTables(named)}SELECT * APPLY ${WHOLE} FROM (${statement}) LIMIT ${Number(limit)} SETTINGS ${settingsOf(projectId)}`;

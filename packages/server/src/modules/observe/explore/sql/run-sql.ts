import { SQL_TABLES, type SqlAnswer, type SqlSchema } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Log } from "../../../../kernel/log.ts";
import { ALLOWED_FUNCTIONS } from "./allowed-functions.ts";
import { checkTree, checkWords, findUnguarded } from "./check-statement.ts";
import { describeFailure, describeHidden } from "./describe-failure.ts";
import { COLUMN_WORDS, OWN_COLUMN_WORDS, TABLE_WORDS } from "./sql-columns.ts";
import type { createSqlStore } from "./sql-store.ts";

type Deps = { readonly store: ReturnType<typeof createSqlStore>; readonly clock: Clock; readonly log: Log };
type Ask = {
  readonly sql: string;
  readonly limit: number;
  /** Whether the caller can read text of traces. */
  readonly hasContent: boolean;
  readonly signal: AbortSignal;
};

/** The engine runs few queries at the same time, and other parts of the product need it too. */
const MOST_AT_ONCE = 2;
const WAIT_SECONDS = 5;

/** SQL statements of users over the spans and scores of their project. */
export function createSqlConsole({ store, clock, log }: Deps) {
  let running = 0;

  async function check(projectId: string, { sql, hasContent, signal }: Ask) {
    if (sql.includes("\0"))
      throw new AppError("invalid_request", { message: "The statement contains U+0000. Remove it." });
    const statement = await store.format(sql, signal);
    checkWords(statement);
    const tables = checkTree(statement, await store.readTree(statement, signal));
    const checked = { statement, tables, hasContent, signal };
    const unguarded = findUnguarded(await store.readPlan(projectId, checked), projectId);
    if (unguarded === null) return checked;
    log.warn({ projectId, unguarded }, "a statement that would read outside the project was rejected");
    throw new AppError("invalid_request", {
      message:
        "The statement reads from a source that is not an available table. Use table names only after `from` and `join`.",
      details: { param: "sql" },
    });
  }

  async function answer(projectId: string, ask: Ask): Promise<SqlAnswer> {
    const startedAt = clock.elapsed();
    const checked = await check(projectId, ask);
    const { columns, rows, rowsRead } = await store.run(projectId, { ...checked, limit: ask.limit + 1 });
    const isWhole = columns.map(({ type }) => /^(Nullable\()?U?Int64\)?$/.test(type));
    return {
      columns: columns.map(({ name, type }) => ({ name, type })),
      rows: rows
        .slice(0, ask.limit)
        .map((row) => row.map((value, place) => (isWhole[place] ? toNumber(value) : value))),
      elapsedMs: Math.round(clock.elapsed() - startedAt),
      rowsRead,
      isTruncated: rows.length > ask.limit,
    };
  }

  return {
    async run(projectId: string, ask: Ask): Promise<SqlAnswer> {
      if (running >= MOST_AT_ONCE)
        throw new AppError("overloaded", {
          message: `${MOST_AT_ONCE} statements are already running. Try again when a statement has finished.`,
          retryAfterSeconds: WAIT_SECONDS,
        });
      running += 1;
      try {
        return await answer(projectId, ask);
      } catch (error) {
        throw error instanceof AppError ? error : (describeHidden(error, ask) ?? describeFailure(error) ?? error);
      } finally {
        running -= 1;
      }
    },

    async schema(hasContent: boolean): Promise<SqlSchema> {
      const tables = [];
      for (const name of SQL_TABLES) {
        const columns = await store.listColumns(name, hasContent);
        const described = columns.map((column) => ({
          ...column,
          description: OWN_COLUMN_WORDS[`${name}.${column.name}`] ?? COLUMN_WORDS[column.name] ?? "",
        }));
        tables.push({ name, description: TABLE_WORDS[name], columns: described });
      }
      return { tables, functions: [...ALLOWED_FUNCTIONS] };
    },
  };
}

/** The engine gives whole numbers of 64 bits as texts; most of them JSON can hold. */
function toNumber(value: unknown): unknown {
  const number = typeof value === "string" ? Number(value) : value;
  return Number.isSafeInteger(number) ? number : value;
}

import type { MonitorCondition, SqlAnswer } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { type Scope, systemScope } from "../../../../kernel/scope.ts";
import type { Reading } from "../core/reading.ts";

/** The guarded SQL console of Explore. */
export type RunSql = (
  scope: Scope,
  statement: { readonly sql: string; readonly limit: number },
  signal: AbortSignal,
) => Promise<SqlAnswer>;
/** The console is busy: nothing is known, and the window is evaluated later. */
export class BusyError extends Error {}

type Window = {
  readonly sql: string;
  readonly from: number;
  readonly to: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

export const SQL_TIMEOUT_MS = 10_000;
export const MOST_SQL_SERIES = 200;
const PLACEHOLDER = /\{\s*(from|to)\s*:\s*DateTime64\(6\)\s*\}/g;

/**
 * The values of a statement by series, for one window. It runs without permission to read content. Throws an `AppError` that says
 * what to change in the statement.
 */
export async function readSql(
  runSql: RunSql,
  projectId: string,
  { sql, from, to, timeoutMs, signal }: Window,
): Promise<ReadonlyMap<string, Reading>> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const statement = { sql: fillTimes(sql, { from, to }), limit: MOST_SQL_SERIES + 1 };
  try {
    return toReadings(await runSql(systemScope(projectId), statement, AbortSignal.any([signal, timeout])));
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted)
      throw new AppError("unprocessable", {
        message: `The statement took longer than ${timeoutMs / 1_000} seconds. Read a shorter time range or fewer columns.`,
      });
    if (error instanceof AppError && error.code === "overloaded") throw new BusyError(error.message);
    throw error;
  }
}

/** Puts the ends of the window into the statement. They are times that this server has written. */
const fillTimes = (sql: string, times: { readonly from: number; readonly to: number }): string =>
  sql.replaceAll(PLACEHOLDER, (_, name: "from" | "to") => {
    const text = new Date(times[name]).toISOString().replace("T", " ").replace("Z", "");
    return `toDateTime64('${text}', 6, 'UTC')`;
  });

function toReadings({ columns, rows }: SqlAnswer): ReadonlyMap<string, Reading> {
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  const [value, series, n] = ["value", "series", "n"].map((name) => places.get(name));
  if (value === undefined)
    throw invalid(`The statement returns no column \`value\`. Its columns are: ${[...places.keys()].join(", ")}.`);
  if (rows.length > MOST_SQL_SERIES)
    throw invalid(`The statement returns more than ${MOST_SQL_SERIES} rows. Return one row for each series.`);
  if (rows.length > 1 && series === undefined)
    throw invalid("The statement returns several rows. Add a column `series` that names each row.");
  const readings = new Map<string, Reading>();
  for (const row of rows) {
    const name = series === undefined ? "" : String(row[series] ?? "");
    if (readings.has(name)) throw invalid(`The statement returns the series "${name}" twice. Group by \`series\`.`);
    const number = row[value];
    if (number === null) continue;
    readings.set(name, toReading(toNumber("value", number), n === undefined ? null : toNumber("n", row[n])));
  }
  return readings;
}

/** The readings themselves. Throws if a burn rate has a series without a share of events: it could never fire. */
export function readable(
  { kind }: Pick<MonitorCondition, "kind">,
  readings: ReadonlyMap<string, Reading>,
): ReadonlyMap<string, Reading> {
  if (kind === "burn" && [...readings.values()].some((reading) => reading.kind !== "rate"))
    throw invalid(
      "A burn rate needs a statement with the columns `value`, a share from 0 to 1, and `n`, the number of events.",
    );
  return readings;
}

/** With a number of events, a value from 0 to 1 is tested as a share, and so by its interval. */
function toReading(value: number, n: number | null): Reading {
  if (n === null || value < 0 || value > 1) return { kind: "plain", value };
  return { kind: "rate", bad: Math.round(value * n), n: Math.round(n) };
}

function toNumber(column: string, value: unknown): number {
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  if (Number.isFinite(number) && value !== "") return number;
  throw invalid(`The column \`${column}\` holds ${JSON.stringify(value)}, which is not a number.`);
}

const invalid = (message: string) => new AppError("unprocessable", { message });

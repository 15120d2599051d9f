import { SQL_TABLES } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { isAllowedFunction } from "./allowed-functions.ts";
import { readWords, type Word } from "./read-words.ts";

const ADVICE =
  "Write one statement that starts with `select` or `with` and reads spans, scores, span_contents or trace_summaries.";

/** The clauses at the end of a statement. None of them can be set from outside. */
const TRAILERS: ReadonlySet<string> = new Set(["SETTINGS", "FORMAT", "OUTFILE"]);

/** The parts of a statement that only read. A part that is not here is refused, whatever it does. */
const PARTS: ReadonlySet<string> = new Set([
  "ArrayJoin",
  "Asterisk",
  "ColumnsExceptTransformer",
  "ColumnsListMatcher",
  "ColumnsRegexpMatcher",
  "ColumnsReplaceTransformer",
  "ColumnsReplaceTransformer::Replacement",
  "ColumnsTransformerList",
  "ExpressionList",
  "Function",
  "Identifier",
  "InterpolateElement",
  "Literal",
  "OrderByElement",
  "QualifiedAsterisk",
  "SelectIntersectExceptQuery",
  "SelectQuery",
  "SelectWithUnionQuery",
  "Subquery",
  "TableExpression",
  "TableIdentifier",
  "TableJoin",
  "TablesInSelectQuery",
  "TablesInSelectQueryElement",
  "WindowDefinition",
  "WindowListElement",
  "WithElement",
]);

const REFUSED_PARTS: Readonly<Record<string, string>> = {
  Set: "Settings cannot be changed here",
  ColumnsApplyTransformer: "`apply` is not available here: list the columns",
  QueryParameter: "Parameters are not available here: write the values into the statement",
};

/** The tables that the checked statement names. */
export type NamedTables = ReadonlySet<(typeof SQL_TABLES)[number]>;

const isTable = (name: string): name is (typeof SQL_TABLES)[number] => SQL_TABLES.some((table) => table === name);

/**
 * Checks a statement before it runs. First its text: the engine's formatter must have written one valid statement,
 * without a name that could be mistaken for a line of the tree.
 */
export function checkWords(statement: string): void {
  const words = readWords(statement);
  const first = words.find(({ kind, ...word }) => kind !== "sign" || !("text" in word && word.text === "("));
  if (first?.kind !== "name" || first.isQuoted || !["select", "with"].includes(first.text.toLowerCase()))
    throw refuse(ADVICE);
  for (const [place, word] of words.entries()) {
    if (word.kind === "text") continue;
    if (word.kind === "name" && word.isQuoted && /[\p{C}\\`]/u.test(word.text))
      throw refuse("A name contains a control character, a backslash or a backtick. Use another name.");
    if (word.kind === "sign" && (word.text === ";" || word.text === "'" || word.text === "`")) throw refuse(ADVICE);
    if (word.kind === "sign" && word.text === "{") throw refuse(REFUSED_PARTS.QueryParameter);
    if (isTrailer(words, place))
      throw refuse("`settings`, `format` and `into outfile` are not available here. Leave them out");
  }
}

/** `format` is also a function and may be a column: as a trailer it stands alone before a name or a value. */
function isTrailer(words: readonly Word[], place: number): boolean {
  const [word, next, previous] = [words[place], words[place + 1], words[place - 1]];
  if (word?.kind !== "name" || word.isQuoted || !TRAILERS.has(word.text)) return false;
  if (word.text === "OUTFILE") return previous?.kind === "name" && previous.text === "INTO";
  return next?.kind === "name" && previous !== undefined && (previous.kind !== "sign" || previous.text === ")");
}

/** Names that the statement itself gives to subqueries. */
function ownNames(statement: string): ReadonlySet<string> {
  const words = readWords(statement);
  const isWord = (word: Word | undefined, text: string) => word?.kind !== "text" && word?.text === text;
  return new Set(
    words.flatMap((word, place) =>
      word.kind === "name" && isWord(words[place + 1], "AS") && isWord(words[place + 2], "(") ? [word.text] : [],
    ),
  );
}

/** Then at the tree that the engine's parser makes of it: every part, function and table is one of those that are known. */
export function checkTree(statement: string, lines: readonly string[]): NamedTables {
  const own = ownNames(statement);
  const named = new Set<(typeof SQL_TABLES)[number]>();
  const above: string[] = [];
  for (const line of lines) {
    const [, indent = "", part = "", rest = ""] = /^( *)([\w:]+)(?: (.*))?$/s.exec(line) ?? [];
    if (!PARTS.has(part))
      throw refuse(
        REFUSED_PARTS[part] ?? `This part of a statement is not available here (${part || line.slice(0, 40)})`,
      );
    above.length = indent.length;
    const name = rest.split(" ", 1)[0] ?? "";
    if (part === "Function") checkFunction(name, above.at(-1) === "TableExpression");
    if (part === "TableIdentifier" && (isTable(name) || !own.has(name))) named.add(checkTable(name));
    if (part === "Identifier" && isTable(name)) named.add(name);
    if (part === "Literal" && /AggregateFunction\s*\(/i.test(rest) && isType(above))
      throw refuse("Aggregate function states are not available here");
    above[indent.length] = part === "Function" ? `Function ${name}` : part;
  }
  return named;
}

function checkFunction(name: string, isTableFunction: boolean): void {
  if (isTableFunction) throw refuse(`Table functions such as \`${name}(…)\` are not available here. ${ADVICE}`);
  if (!isAllowedFunction(name))
    throw refuse(`The function \`${name}\` is not available here. /api/v1/sql/schema lists the available functions`);
}

function checkTable(name: string) {
  if (isTable(name)) return name;
  throw refuse(
    `There is no table \`${name}\` here. Available tables: ${SQL_TABLES.join(", ")}, without a database name`,
  );
}

/** Whether a literal is read as the name of a type: an argument of a conversion. */
const isType = (above: readonly string[]) =>
  above.some((part) => /^Function (_?cast|accurateCast\w*|JSONExtract\w*|simpleJSON\w*)$/i.test(part));

const PLAN_TABLE = /^ *TABLE id: (\d+),.*\btable_name: (.+)$/;

/** The rows that a recursive query has found so far, which the engine creates only for this query. */
const OWN_TABLE = /^_temporary_and_external_tables\._tmp_[0-9a-f-]{36}, temporary_table_name: /;

/**
 * Finally checks the plan, in which every name is resolved: each table of the store must be read through our filter as
 * the first step on its rows. Returns the problem, for the log. Null if there is none.
 */
export function findUnguarded(lines: readonly string[], projectId: string): string | null {
  for (const [place, line] of lines.entries()) {
    if (/^ *TABLE_FUNCTION\b/.test(line)) return line.trim();
    if (!/^ *TABLE id:/.test(line)) continue;
    const [, id = "", name = ""] = PLAN_TABLE.exec(line) ?? [];
    if (name === "system.one" || OWN_TABLE.test(name)) continue;
    const [prewhere = "", condition = "", , , column = "", value = ""] = lines.slice(place + 1, place + 7);
    const isGuarded =
      lines[place - 1]?.trim() === "JOIN TREE" &&
      prewhere.trim() === "PREWHERE" &&
      /^ *FUNCTION id: \d+, function_name: equals,/.test(condition) &&
      new RegExp(`^ *COLUMN id: \\d+, column_name: project_id, .*source_id: ${id}$`).test(column) &&
      new RegExp(`^ *CONSTANT id: \\d+, constant_value: \\\\?'${projectId}\\\\?',`).test(value);
    if (!isGuarded) return line.trim();
  }
  return null;
}

export const refuse = (message: string | undefined) =>
  new AppError("invalid_request", { message: `${String(message).replace(/\.$/, "")}.`, details: { param: "sql" } });

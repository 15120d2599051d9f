import { SQL_TABLES } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { isAllowedFunction } from "./allowed-functions.ts";
import { readWords, type Word } from "./read-words.ts";

const ADVICE =
  "Write one statement that begins with `select` or `with` and reads spans, scores, span_contents or trace_summaries.";

/** What stands behind a statement as a whole; none of it may be set from outside. */
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
  ColumnsApplyTransformer: "`apply` is not available here: name the columns",
  QueryParameter: "There are no parameters here: write the value itself",
};

/** The tables that the checked statement names. */
export type NamedTables = ReadonlySet<(typeof SQL_TABLES)[number]>;

const isTable = (name: string): name is (typeof SQL_TABLES)[number] => SQL_TABLES.some((table) => table === name);

/**
 * Looks at a statement before anything of it is run, first at its words: what the engine's formatter wrote must be one
 * statement that reads, and must have no name in it that could be taken for a line of the tree.
 */
export function checkWords(statement: string): void {
  const words = readWords(statement);
  const first = words.find(({ kind, ...word }) => kind !== "sign" || !("text" in word && word.text === "("));
  if (first?.kind !== "name" || first.isQuoted || !["select", "with"].includes(first.text.toLowerCase()))
    throw refuse(ADVICE);
  for (const [place, word] of words.entries()) {
    if (word.kind === "text") continue;
    if (word.kind === "name" && word.isQuoted && /[\p{C}\\`]/u.test(word.text))
      throw refuse("A name has a control character, a backslash or a backquote in it. Use another name.");
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
      throw refuse("The inner state of an aggregate function cannot be made here");
    above[indent.length] = part === "Function" ? `Function ${name}` : part;
  }
  return named;
}

function checkFunction(name: string, isTableFunction: boolean): void {
  if (isTableFunction)
    throw refuse(`Table functions are not available here, so \`${name}(…)\` cannot be read from. ${ADVICE}`);
  if (!isAllowedFunction(name))
    throw refuse(`The function \`${name}\` is not available here. The list of functions is at /api/v1/sql/schema`);
}

function checkTable(name: string) {
  if (isTable(name)) return name;
  throw refuse(
    `There is no table \`${name}\` here. The tables are ${SQL_TABLES.join(", ")}, without a database before them`,
  );
}

/** Whether a literal is read as the name of a type: an argument of a conversion. */
const isType = (above: readonly string[]) =>
  above.some((part) => /^Function (_?cast|accurateCast\w*|JSONExtract\w*|simpleJSON\w*)$/i.test(part));

const PLAN_TABLE = /^ *TABLE id: (\d+),.*\btable_name: (.+)$/;

/** What a recursive query has found so far: the engine makes it for this query alone. */
const OWN_TABLE = /^_temporary_and_external_tables\._tmp_[0-9a-f-]{36}, temporary_table_name: /;

/**
 * And last at the plan, in which every name has been found: each table of the store is read through our own filter, as the
 * first thing that is done to its rows. Gives what is wrong, for the log; null when nothing is.
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

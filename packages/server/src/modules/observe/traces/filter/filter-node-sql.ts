import { escapeFilterValue, type FilterNode, type FilterTerm, readFilterRange } from "@treadle/contract";
import { FLAGS, isNumberField, isTextField, NUMBERS, TEXT_COLUMNS } from "./filter-columns.ts";
import { scoresOf } from "./judgement-sql.ts";
import { anyOf, type Bind, isOneOf, likeOf, sortValues, takesEmpty } from "./match-text-sql.ts";
import { hasOwner, type OwnerColumn, ownerMeets } from "./owner-sql.ts";
import type { Where } from "./where.ts";
import { planSearch, toJsonPattern } from "./words.ts";

/** The dependencies of a filter's terms: names for values, and the source of span owners. */
type Context = { readonly bind: Bind; readonly owners: Where | null };

/**
 * The conditions of a filter. Each is true or false and never null, so that `not` is what people take it for.
 * filter-match.ts says the same of a span in memory. Wants `{projectId:String}` to be bound. `owners` are conditions for the spans that
 * can name a span's user and session; null compares what the span itself names.
 */
export function compileFilter(filter: FilterNode | null, owners: Where | null): Where {
  const params: Record<string, unknown> = {};
  const bind: Bind = (type, value) => {
    const name = `filter${Object.keys(params).length}`;
    params[name] = value;
    return `{${name}:${type}}`;
  };
  const sql = filter === null ? "true" : compileNode(filter, { bind, owners });
  return { sql, params: { ...owners?.params, ...params } };
}

function compileNode(node: FilterNode, context: Context): string {
  switch (node.type) {
    case "and":
    case "or":
      return `(${node.nodes.map((each) => compileNode(each, context)).join(` ${node.type.toUpperCase()} `)})`;
    case "not":
      return `NOT ${compileNode(node.node, context)}`;
    case "text":
      return compileText(node.text, context.bind);
    case "field":
      return node.operator === "!=" ? `NOT ${compileTerm(node, context)}` : compileTerm(node, context);
  }
}

/** A condition with `!=` is compiled like one with `:`. */
function compileTerm(term: FilterTerm, { bind, owners }: Context): string {
  const { field, key, values } = term;
  if (field === "has" || field === "is") return anyOf(values.map((value) => compileFlag(`${field}:${value}`, owners)));
  if (owners !== null && (field === "user" || field === "session"))
    return compileOwner(`${field}_id`, values, { bind, owners });
  if (field === "tag") return compileTag(values, bind);
  if (field === "score") return compileScore(term, bind);
  if (field === "metadata") return isOneOf(`metadata[${bind("String", key)}]`, values, bind);
  if (field === "attr") return isOneOf(`attributes[${bind("String", key)}]`, withJson(values), bind);
  if (isTextField(field)) return anyOf(TEXT_COLUMNS[field].map((column) => isOneOf(column, values, bind)));
  if (isNumberField(field)) return `ifNull(${compareNumber(NUMBERS[field].sql, term, bind)}, false)`;
  throw new Error(`The filter's field ${field} has no column.`);
}

/** Also compares with the JSON text, because attributes that look like JSON are stored in this form. */
export const withJson = (values: readonly string[]) => [
  ...values,
  ...values.map((value) => `"${toJsonPattern(value)}"`),
];

function compileTag(values: readonly string[], bind: Bind): string {
  const { plain, patterns } = sortValues(values);
  return anyOf([
    ...(plain.length > 0 ? [`hasAny(tags, ${bind("Array(String)", plain)})`] : []),
    ...patterns.map((pattern) => `arrayExists(tag -> tag LIKE ${bind("String", likeOf(pattern))}, tags)`),
  ]);
}

function compareNumber(sql: string, { field, operator, values }: FilterTerm, bind: Bind): string {
  const kind = field === "latency" || field === "ttft" ? "duration" : field === "cost" ? "money" : "number";
  const ranges = values.flatMap((value) => readFilterRange(kind, value) ?? []);
  if (operator !== ":" && operator !== "!=")
    return anyOf(ranges.map(({ min }) => `${sql} ${operator} ${bind("Float64", min)}`));
  if (ranges.length === 0) return "false";
  return anyOf(
    ranges.map(({ min, max }) => {
      if (min === max) return `${sql} = ${bind("Float64", min)}`;
      const ends = [
        ...(Number.isFinite(min) ? [`${sql} >= ${bind("Float64", min)}`] : []),
        ...(Number.isFinite(max) ? [`${sql} <= ${bind("Float64", max)}`] : []),
      ];
      return `(${ends.join(" AND ")})`;
    }),
  );
}

function compileFlag(flag: string, owners: Where | null): string {
  if (owners !== null && (flag === "has:user" || flag === "has:session"))
    return hasOwner(flag === "has:user" ? "user_id" : "session_id", owners);
  return FLAGS[flag]?.sql ?? hasScore("true");
}

/** Whether the session or user that a span belongs to is one of the values. */
function compileOwner(
  column: OwnerColumn,
  values: readonly string[],
  { bind, owners }: { readonly bind: Bind; readonly owners: Where },
): string {
  if (values.every((value) => value === "")) return `NOT ${hasOwner(column, owners)}`;
  const isWanted = (owner: string) => isOneOf(owner, values, bind);
  return ownerMeets({ column, isWanted, takesNobody: values.some(takesEmpty) }, owners);
}

/** The span's own scores, or its trace's scores. */
const hasScore = (condition: string, named = "true") => {
  const scores = `FROM ${scoresOf({ where: named })} WHERE ${condition}`;
  return `(trace_id IN (SELECT trace_id ${scores} AND span_id = '') OR (trace_id, span_id) IN (SELECT trace_id, span_id ${scores} AND span_id != ''))`;
};

function compileScore(term: FilterTerm, bind: Bind): string {
  const { key, operator, values } = term;
  const isNumber = `ifNull(${compareNumber("value", term, bind)}, false)`;
  const isEquality = operator === ":" || operator === "!=";
  const condition = isEquality ? `(${isNumber} OR ${isOneOf("label", values, bind)})` : isNumber;
  return hasScore(condition, `name = ${bind("String", key)}`);
}

/** A text to find in names, errors and payloads. For one word or a part of one, the index of words is sufficient. */
export function compileText(text: string, bind: Bind): string {
  const search = planSearch(text);
  if (search.kind === "word") return `hasAllTokens(words, ${bind("Array(String)", [search.word])})`;
  if (search.kind === "piece") return `words LIKE ${bind("String", `%${likeOf(escapeFilterValue(search.piece))}%`)}`;
  const pattern = bind("String", `%${likeOf(search.pattern)}%`);
  // Payloads are stored as JSON, so the text is searched in JSON notation.
  const jsonPattern = bind("String", `%${likeOf(toJsonPattern(search.pattern))}%`);
  const found = anyOf([
    ...["name", "error_message"].map((column) => `${column} ILIKE ${pattern}`),
    ...["input", "output"].map((column) => `${column} ILIKE ${jsonPattern}`),
  ]);
  if (search.words.length === 0) return found;
  return `(hasAllTokens(words, ${bind("Array(String)", search.words)}) AND ${found})`;
}
